"""What trust costs: the evidence log, seals, answers about certificates, signing in."""

from benchmarks import trust_answers, trust_log, trust_seals, trust_signin
from benchmarks.figure import Figure

PARTS = (trust_log, trust_seals, trust_answers, trust_signin)
FIGURES = tuple(name for part in PARTS for name in part.FIGURES)


def measure() -> list[Figure]:
    """Each part with its own baseline in the same run."""
    return [figure for part in PARTS for figure in part.measure()]
