"""Documents are given over here when they are sealed, and found again with what was added.

A file that was downloaded before stays what it was; who asks anew gets the newest.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module
from typing import Any

from django.apps import apps
from django.db.models import Min

from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.archiving.models import DocumentTail, SealedDocument
from lingnan.kernel.trust.seal import lasting

RENEWED = timedelta(days=180)
"""So long before a time-stamp's certificate, or an algorithm, ends the next is added."""
COUNTED = 1_000
STRONG_UNTIL = date(2035, 12, 31)
"""Until then ECDSA on P-256 and SHA-256 are relied on: an assumption of this release. Whoever
knows better declares an earlier day."""


def entrust(pdf: bytes, keeper: str, reference: str) -> bool:
    """A sealed document is queued by its hash, in the transaction that records it; whether it was
    not before."""
    lasts = module(keeper).LASTS
    stamped = lasting.carried(pdf)
    _row, made = SealedDocument.objects.get_or_create(
        sha256=hashlib.sha256(pdf).hexdigest(),
        defaults={
            "keeper": keeper,
            "reference": reference,
            "stamped": stamped,
            "since": datetime.now(UTC),
            "due": datetime.now(UTC) if lasts or not stamped else None,
        },
    )
    return made


def newest(pdf: bytes) -> bytes:
    """A document as it was sealed, with all that was added behind it since."""
    return pdf + b"".join(bytes(one.tail) for one in tails(hashlib.sha256(pdf).hexdigest()))


def tails(sha256: str) -> list[DocumentTail]:
    return list(DocumentTail.objects.filter(sha256=sha256).order_by("ordinal"))


def as_sealed(pdf: bytes) -> str:
    """The SHA-256 by which a file, with or without what was added, was first known."""
    mark = hashlib.sha256(pdf).hexdigest()
    found = DocumentTail.objects.filter(whole=mark).values_list("sha256", flat=True).first()
    return found or mark


def described(sha256: str) -> Title | None:
    """What a sealed document is that a system keeps, by how the file was first known; None where
    none keeps it, or it tells nothing to whoever holds it."""
    found = SealedDocument.objects.filter(pk=sha256).first()
    try:
        says = getattr(module(found.keeper), "described", None) if found else None
    except LookupError:
        return None
    told: Title | None = says(found.reference) if found and says else None
    return told


def read(one: SealedDocument) -> bytes | None:
    """The file as it was sealed, from who keeps it; None where it is not there any more."""
    found: bytes | None = module(one.keeper).read(one.reference)
    right = found is not None and hashlib.sha256(found).hexdigest() == one.sha256
    return found if right else None


def lasts(one: SealedDocument) -> bool:
    """Whether documents of its kind are to be checkable for long."""
    return bool(module(one.keeper).LASTS)


def next_due(until: datetime, now: datetime) -> tuple[datetime, str]:
    """When a time-stamp whose certificate ends then must be followed by the next, and what stands
    against that."""
    strong = datetime.combine(STRONG_UNTIL, time(), UTC)
    due = min(until, strong) - RENEWED
    if due > now:
        return due, ""
    # More often helps nothing: only stronger algorithms would.
    return now + RENEWED / 6, "its algorithms, or the authority of its time-stamps, end soon"


@dataclass(frozen=True)
class Waiting:
    """Sealed without a time-stamp: how many, since when; `stuck`: how many cannot get one, or not
    the next; `due`: how many wait for their archive time-stamp."""

    count: int
    since: datetime | None
    stuck: int
    due: int


def waiting() -> Waiting:
    rows = SealedDocument.objects.filter(stamped=False)
    oldest = rows.aggregate(first=Min("since"))["first"]
    stuck = SealedDocument.objects.exclude(problem="")
    return Waiting(rows.count(), oldest, stuck.count(), due())


def due() -> int:
    """How many wait for their archive time-stamp, counted up to `COUNTED` and one more."""
    rows = SealedDocument.objects.filter(due__lte=datetime.now(UTC))
    return int(rows[: COUNTED + 1].count())


def module(keeper: str) -> Any:
    """Its module `sealed`: `LASTS`, and `read(reference)`. Raises LookupError for a system that
    this node does not carry."""
    return import_module(f"{apps.get_app_config(keeper).name}.sealed")
