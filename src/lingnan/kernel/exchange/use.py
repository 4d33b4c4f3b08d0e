"""A use of the exchange: who asks what, about whom, for what, on which basis."""

from dataclasses import asdict, dataclass
from typing import Any

from lingnan.kernel.runtime.api import Title


@dataclass(frozen=True)
class Use:
    """One request of the kind `single`, batch-shaped: plain, serialisable values only.

    subjects  the consumer's own pseudonyms
    deadline  seconds within which an answer is of use
    aim       the purpose in words, as whoever asks calls it
    """

    resource: str
    consumer: str
    purpose: str
    basis: str
    case: str
    actor: str
    subjects: tuple[str, ...]
    elements: tuple[str, ...]
    deadline: float = 5.0
    aim: Title | None = None

    def plain(self) -> dict[str, Any]:
        """All but the words of the purpose, which travel beside it (`use_text`)."""
        said = asdict(self)
        del said["aim"]
        return said


@dataclass(frozen=True)
class Answer:
    """What the holder said of one subject: as many rows as it has.

    onward  the bodies to which the agreement lets it be passed on; by default to none
    """

    subject: str
    rows: tuple[dict[str, Any], ...]
    evidence: int
    as_of: str = ""
    onward: tuple[str, ...] = ()

    @property
    def found(self) -> bool:
        return bool(self.rows)

    def values(self) -> dict[str, Any]:
        """The values of the first row; empty when the holder has none."""
        return dict(self.rows[0]["values"]) if self.rows else {}


class ExchangeFailure(Exception):
    """A use that was not answered. `code` is denied, unavailable or stale; `term` says by which
    term of an agreement, where it is one."""

    code = "failure"

    def __init__(self, detail: str, term: str = "") -> None:
        super().__init__(detail)
        self.detail, self.term = detail, term


class Denied(ExchangeFailure):
    code = "denied"


class Unavailable(ExchangeFailure):
    code = "unavailable"


class Stale(ExchangeFailure):
    code = "stale"


class InsideTransaction(RuntimeError):
    """The exchange was called inside `atomic`: its evidence could not be told from a draft."""
