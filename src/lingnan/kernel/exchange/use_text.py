"""A use as it travels between nodes: read strictly, and what a failure of it answers.

The purpose is a code that the node of whoever asks has a name for. It tells it beside the use, of
whatever kind, and beside a following, so that people read it at the register's node too, in the
words of the day on which they were asked about. A name that cannot be read is as none: it decides
nothing.
"""

from typing import Any, Protocol

from lingnan.kernel.exchange.purposes import purposes
from lingnan.kernel.exchange.use import Use
from lingnan.kernel.runtime.api import Title

LONGEST = 120
"""Characters of a purpose's name in one language."""
STATUS = {"denied": 403, "unavailable": 503, "stale": 409}


class Aimed(Protocol):
    """What is asked for a purpose: a use of one or of many."""

    @property
    def purpose(self) -> str: ...

    @property
    def aim(self) -> Title | None: ...


def read_use(body: dict[str, Any]) -> tuple[Use, dict[str, str] | None]:
    """The use of a request, and how its holder knows the subjects where the asker's node
    holds their mapping. Raises ValueError, KeyError or TypeError."""
    plain = dict(body["use"])
    for name in ("resource", "consumer", "purpose", "basis", "case", "actor"):
        if not isinstance(plain[name], str) or len(plain[name]) > 200:
            raise ValueError(f"{name} is not a text of at most 200 characters")
    if not plain["case"].isprintable():
        raise ValueError("case is not printable")
    plain["subjects"] = tuple(str(s) for s in plain["subjects"])
    plain["elements"] = tuple(str(e) for e in plain["elements"])
    plain["deadline"] = min(float(plain.get("deadline", 5.0)), 30.0)
    names = body.get("known_as")
    if names is not None:
        names = {str(k): str(v) for k, v in dict(names).items()}
        if set(names) != set(plain["subjects"]):
            raise ValueError("known_as does not name the subjects")
    return Use(**(plain | {"aim": aim(body.get("aim"))})), names


def told_aim(use: Aimed) -> dict[str, dict[str, str]]:
    """What goes beside a use of its purpose; nothing where this node has no name for it."""
    return beside(use.aim or purposes().get(use.purpose))


def beside(title: Title | None) -> dict[str, dict[str, str]]:
    """A purpose's name as it stands beside what is told and what is written down."""
    return {"aim": plain(title)} if title is not None else {}


def plain(title: Title | None) -> dict[str, str]:
    """The same by itself, as it is kept; empty where there is none."""
    return {"zh": title.zh, "en": title.en} if title is not None else {}


def aim(told: Any) -> Title | None:
    """A purpose's name as another node tells it, or as the evidence keeps it."""
    try:
        found = Title.of(told)
    except ValueError:
        return None
    words = (found.zh, found.en)
    fit = all(one.isprintable() and one.strip() and len(one) <= LONGEST for one in words)
    return found if fit else None
