"""What checking a seal finds: the whole, and check by check."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Problem = Literal[
    "not_a_pdf",
    "no_signature",
    "changed",
    "appended",
    "unusual_container",
    "ahead",
    "untrusted",
    "revoked",
]
Outcome = Literal["passed", "failed", "not_checked"]


@dataclass(frozen=True, slots=True)
class Check:
    """One question about a document and its answer; `told` are the names and times that its words
    take, as text."""

    code: str
    outcome: Outcome
    told: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SealReport:
    """What checking a seal found; `problem` is None only when everything holds.

    `not_a_pdf` and `no_signature` say what the bytes are; `changed`: the content is not what was
    sealed; `appended`: something was added afterwards; `unusual_container`: the signature holds
    but its envelope is not as this software writes it (changed there, or made by other software);
    `ahead`: intact, but of a time that has not come by this machine's clock;
    `untrusted`: intact, but sealed by nobody under the given roots; `revoked`: trusted once, but
    the certificate was taken back. `serial` is the signing certificate's, in hexadecimal.

    `stamped_at` is the moment that a time-stamp proves, `stamped_by` the serial of its
    certificate; without them `signed_at` is what the seal says of itself. `lasts_until`: when the
    certificate of the last archive time-stamp ends, where there is one and all came in time.
    """

    intact: bool
    trusted: bool
    covers_whole_document: bool
    signer_name: str | None
    signed_at: datetime | None
    problem: Problem | None
    serial: str = ""
    stamped_at: datetime | None = None
    stamped_by: str = ""
    lasts_until: datetime | None = None
    checks: tuple[Check, ...] = ()

    @property
    def state(self) -> str:
        """What is known by the seal alone: genuine, revoked, ahead, foreign or altered."""
        if self.problem is None:
            return "genuine"
        if self.problem in ("revoked", "ahead"):
            return self.problem
        foreign = ("not_a_pdf", "no_signature", "untrusted")
        return "foreign" if self.problem in foreign else "altered"

    @property
    def level(self) -> str:
        """B-LT with a time-stamp that holds, B-LTA with archive time-stamps that came in time, B-B
        without any (ETSI EN 319 142-1 §6; unverified: its text was not at hand); empty where there
        is no seal."""
        if not self.serial:
            return ""
        if self.lasts_until:
            return "B-LTA"
        return "B-LT" if self.stamped_at else "B-B"
