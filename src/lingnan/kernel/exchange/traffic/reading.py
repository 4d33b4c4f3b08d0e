"""What the record of the traffic says: how members and services fare, and who asks whom.

The database adds up. Durations it only strings together, by member and by service: what is counted
of the string (`buckets.of_texts`) costs a quarter of what SQLite takes to open each row's JSON.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

from django.db.models import Aggregate, F, Max, Q, QuerySet, Sum, TextField
from django.db.models.functions import Cast

from lingnan.kernel.exchange.traffic import buckets, counting
from lingnan.kernel.exchange.traffic.counting import Line
from lingnan.kernel.exchange.traffic.models import Traffic

SLOTS = 24
REMEMBERED = timedelta(days=7)
"""House value: who succeeded within this time and has nothing in the period is silent."""
PERIODS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7),
           "month": timedelta(days=30), "quarter": timedelta(days=90)}  # fmt: skip
Side = Literal["client", "service"]


@dataclass(frozen=True)
class Wanted:
    """Which messages: of a period, a member (its code), a service, an outcome; empty: all."""

    since: datetime
    until: datetime
    member: str = ""
    service: str = ""
    outcome: str = ""


@dataclass
class Health:
    """How something fared; `durations` in buckets (`buckets`), `names` as the record writes it (a
    member asks by several subsystems)."""

    number: int = 0
    faults: int = 0
    denied: int = 0
    bad: int = 0
    size: int = 0
    succeeded: datetime | None = None
    durations: dict[int, int] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    @property
    def share(self) -> float:
        """Of errors, 0 to 1: nobody answered, or a fault. Refusals by law are none."""
        return self.faults / self.number if self.number else 0.0

    def percentile(self, share: float) -> float | None:
        """In seconds; at most an eighth more than the exact one."""
        found = buckets.percentile(self.durations, share)
        return None if found is None else found / 1e6

    def take(self, other: "Health") -> None:
        """With all of another's, which is of other messages."""
        for name in ("number", "faults", "denied", "bad", "size"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.durations = buckets.together((self.durations, other.durations))
        moments = [at for at in (self.succeeded, other.succeeded) if at is not None]
        self.succeeded = max(moments, default=None)
        self.names |= other.names


@dataclass
class Course:
    """How many in each part of a period, and how many of them were errors."""

    number: list[int] = field(default_factory=lambda: [0] * SLOTS)
    faults: list[int] = field(default_factory=lambda: [0] * SLOTS)


@dataclass
class Figures:
    """All of a period: together, by member, by service; and how many were only passed on."""

    total: Health = field(default_factory=Health)
    members: dict[str, Health] = field(default_factory=dict)
    services: dict[str, Health] = field(default_factory=dict)
    passed: int = 0


class _Strung(Aggregate):
    """All texts of a group, one after another."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "STRING_AGG(%(expressions)s, ',')"
        return self.as_sql(compiler, connection, template=template, **more)


def period(name: str, until: datetime | None = None) -> tuple[datetime, datetime]:
    """Of a name of PERIODS (day, where it is none), from the beginning of an hour or a day on."""
    until = until or datetime.now(UTC)
    since = until - PERIODS.get(name, PERIODS["day"])
    if name == "hour":
        return since.replace(second=0, microsecond=0), until
    since = since.replace(minute=0, second=0, microsecond=0)
    return (since.replace(hour=0) if name in ("month", "quarter") else since), until


def figures(wanted: Wanted) -> Figures:
    """What a period says; with what succeeded within the week and is silent in it."""
    passed = _chosen(wanted).filter(way=counting.THROUGH).aggregate(all=Sum("number", default=0))
    found = Figures(
        members=_by("client", wanted), services=_by("service", wanted), passed=passed["all"]
    )
    for health in found.services.values():
        found.total.take(health)
    if not wanted.outcome:
        _silent(found, wanted)
    return found


def _by(side: Side, wanted: Wanted) -> dict[str, Health]:
    found: dict[str, Health] = {}
    for name, *told, strung in (
        _ends_here(wanted)
        .values_list(side)
        .annotate(
            number_=Sum("number"),
            faults=_sum(outcome__in=counting.FAULTS),
            denied=_sum(outcome=counting.DENIED),
            bad=_sum(outcome=counting.BAD),
            size_=Sum("size"),
            succeeded=Max("last", filter=Q(outcome=counting.OK)),
            strung=_Strung(Cast("durations", TextField())),
        )
    ):
        health = Health(*told)
        health.durations, health.names = buckets.of_texts(strung), {name}
        found.setdefault(_CODES[side](name), Health()).take(health)
    return found


def _sum(**which: object) -> Sum:
    return Sum("number", filter=Q(**which), default=0)


def _ends_here(wanted: Wanted) -> QuerySet[Traffic]:
    return _chosen(wanted).exclude(way=counting.THROUGH)


def courses(side: Side, several: Mapping[str, Health], wanted: Wanted) -> dict[str, Course]:
    """Of some members (client) or services of a period's figures, by code: their course in it."""
    codes = {name: code for code, health in several.items() for name in health.names}
    rows = _ends_here(wanted).filter(**{f"{side}__in": list(codes)}).values_list(side, "at")
    begins, lasts = wanted.since, wanted.until - wanted.since
    found = {code: Course() for code in several}
    for name, at, number, faults in rows.annotate(
        number_=Sum("number"), faults=_sum(outcome__in=counting.FAULTS)
    ):
        slot, course = int((at - begins) / lasts * SLOTS), found[codes[name]]
        course.number[slot] += number
        course.faults[slot] += faults
    return found


def _silent(found: Figures, wanted: Wanted) -> None:
    """What succeeded in the period is known; the rest of the week is looked at."""
    week = _chosen(replace(wanted, since=wanted.until - REMEMBERED, until=wanted.since))
    week = week.filter(outcome=counting.OK).exclude(way=counting.THROUGH)
    told = week.values_list("client", "service").annotate(last=Max("last"))
    for client, service, last in told:
        for group, name in (
            (found.members, member_of(client)),
            (found.services, service_of(service)),
        ):
            health = group.setdefault(name, Health())
            if health.succeeded is None or last > health.succeeded:
                health.succeeded = last


def sums(wanted: Wanted) -> Iterator[tuple[Line, int]]:
    """How many of each line in a period: of each line once."""
    found = _chosen(wanted).values_list(*Line._fields).annotate(Sum("number"))
    for *told, number in found.iterator(2000):
        yield Line(*told), number


def _chosen(wanted: Wanted) -> QuerySet[Traffic]:
    """What this node asked of itself through its gateway was counted at both of its ends: one of
    them counts."""
    chosen = Traffic.objects.filter(at__gte=wanted.since, at__lt=wanted.until).exclude(
        ~Q(consumer_node=""), way=counting.IN, consumer_node=F("provider_node")
    )
    if wanted.outcome:
        chosen = chosen.filter(outcome=wanted.outcome)
    if wanted.member:
        part = Q(client=wanted.member) | Q(client__contains=f"/{wanted.member}")
        chosen = _only("client", wanted.member, chosen, chosen.filter(part))
    if wanted.service:
        last = wanted.service.rpartition(".")[2]
        chosen = _only("service", wanted.service, chosen, chosen.filter(service__endswith=last))
    return chosen


def _only(
    side: Side, code: str, chosen: QuerySet[Traffic], likely: QuerySet[Traffic]
) -> QuerySet[Traffic]:
    names = [name for name in _names(side, likely) if _CODES[side](name) == code]
    return chosen.filter(**{f"{side}__in": names})


def _names(side: Side, rows: QuerySet[Traffic]) -> QuerySet[Traffic, str]:
    return rows.values_list(side, flat=True).distinct()


@lru_cache(maxsize=8192)
def member_of(client: str) -> str:
    """The member's code in a client as X-Road writes it, or as a use names it. Empty: nobody who
    is known."""
    parts = client.split("/")
    return parts[2] if len(parts) > 2 else client


@lru_cache(maxsize=8192)
def service_of(service: str) -> str:
    """`system.service`, as resources are called."""
    parts = service.split("/")
    return ".".join(parts[3:5]) if len(parts) > 4 else service


def provider_of(service: str) -> str:
    """The body's code in a service as X-Road writes it; empty of a use within the node."""
    parts = service.split("/")
    return parts[2] if len(parts) > 4 else ""


_CODES: dict[Side, Callable[[str], str]] = {"client": member_of, "service": service_of}
