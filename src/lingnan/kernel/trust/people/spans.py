"""From when to when an account holds, is to hold, or borrows which role; and what is kept apart."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from lingnan.kernel.runtime import legal_time
from lingnan.kernel.trust.delegation import separation
from lingnan.kernel.trust.delegation.models import Delegation
from lingnan.kernel.trust.models import Appointment, Holding


@dataclass(frozen=True)
class Span:
    """A role at a body from `first` to `last`, both included; None: until it is ended."""

    role: str
    body: str
    first: date
    last: date | None

    def meets(self, other: "Span") -> bool:
        before = self.last is not None and self.last < other.first
        after = other.last is not None and other.last < self.first
        return not before and not after


def last_days(posts: Iterable[int]) -> dict[int, date]:
    """The last day of those posts whose end is already fixed, by the key of the holding."""
    ends = Holding.Version.objects.filter(
        key__in=list(posts), ended=True, valid_from__gt=legal_time.today()
    )
    rows = ends.order_by("version").values_list("key", "valid_from")
    return {key: day - timedelta(days=1) for key, day in rows}


def spans(account: int, but: int = 0) -> Iterator[Span]:
    """All of an account, loans too, except one appointment."""
    posts = list(Holding.objects.filter(account=account, ended=False))
    ends = last_days([one.key for one in posts])
    for one in posts:
        yield Span(one.role, one.body, one.valid_from, ends.get(one.key))
    coming = Appointment.objects.filter(account=account, state__in=Appointment.OPEN)
    for made in coming.exclude(key=but):
        yield Span(made.role, made.body, made.first, made.last)
    today = legal_time.today()
    for loan in Delegation.objects.filter(taker=account, ended=False, last__gte=today):
        role = Holding.objects.filter(key=loan.post).values_list("role", flat=True).first()
        yield Span(role or "", loan.body, loan.first, loan.last)


def apart(account: int, wanted: Span, but: int = 0) -> str:
    """Why the role may not be joined with another of the same days; empty where it may."""
    for held in spans(account, but):
        if held.meets(wanted):
            for _one, _other, why in separation.conflicts({held.role, wanted.role}):
                return str(why)
    return ""


def holds(account: int, wanted: Span, but: int = 0) -> bool:
    """Whether the account has the same post on some of these days; a borrowed one counts too."""
    same = (
        one for one in spans(account, but) if (one.role, one.body) == (wanted.role, wanted.body)
    )
    return any(one.meets(wanted) for one in same)
