"""What is filed after the whole has ended: one matter at one body, with its own limit.

行政许可法 (2019-04-23) Art. 42(2) limits joint handling. Once every part has ended there is none:
whoever files a refused part again has to do with one body, and that matter's own limit counts
(Art. 42(1), or what its own law says). A fresh joint clock would let 45 days stand where that law
gives fewer, and measure a leading body that has nothing to lead.
"""

from lingnan.kernel.matters import notices
from lingnan.kernel.matters.definition import matter_of
from lingnan.kernel.matters.joint import clock
from lingnan.kernel.matters.models import Case, facts_of


def tell(case: Case) -> None:
    """Say which limit counts. Part of the filing, so that the whole cannot end meanwhile."""
    ended = clock.locked(case.joint).finished_on if case.joint else None
    limit = matter_of(case.definition).limit("decision", facts_of(case))
    if ended is not None and limit is not None:
        notices.filed_alone(case, limit, ended)
