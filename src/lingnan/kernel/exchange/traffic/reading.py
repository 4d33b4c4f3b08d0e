"""What the record of the traffic says: how members and services fare, and who asks whom."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache

from django.db.models import Max, Q, QuerySet, Sum

from lingnan.kernel.exchange.traffic import buckets, counting
from lingnan.kernel.exchange.traffic.counting import Line
from lingnan.kernel.exchange.traffic.models import Traffic

SLOTS = 24
REMEMBERED = timedelta(days=7)
"""House value: who succeeded within this time and has nothing in the period is silent."""
PERIODS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7),
           "month": timedelta(days=30), "quarter": timedelta(days=90)}  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """Which messages: of a period, a member (its code), a service, an outcome; empty: all."""

    since: datetime
    until: datetime
    member: str = ""
    service: str = ""
    outcome: str = ""

    @cached_property
    def _begins(self) -> float:
        return self.since.timestamp()

    @cached_property
    def _lasts(self) -> float:
        return self.until.timestamp() - self._begins

    def slot(self, at: datetime) -> int:
        """Which part of the period a moment lies in."""
        share = (at.timestamp() - self._begins) / self._lasts
        return min(SLOTS - 1, max(0, int(share * SLOTS)))


@dataclass
class Health:
    """How something fared. `course`: how many in each part of the period; `faulty`: of them, how
    many errors. Durations as they are kept (`buckets.plain`)."""

    number: int = 0
    faults: int = 0
    denied: int = 0
    bad: int = 0
    size: int = 0
    durations: dict[str, int] = field(default_factory=dict)
    succeeded: datetime | None = None
    course: list[int] = field(default_factory=lambda: [0] * SLOTS)
    faulty: list[int] = field(default_factory=lambda: [0] * SLOTS)

    @property
    def share(self) -> float:
        """Of errors, 0 to 1: nobody answered, or a fault. Refusals by law are none."""
        return self.faults / self.number if self.number else 0.0

    def percentile(self, share: float) -> float | None:
        """In seconds; at most an eighth more than the exact one."""
        found = buckets.percentile(buckets.read(self.durations), share)
        return None if found is None else found / 1e6

    def add(self, row: "Row", slot: int) -> None:
        self.number += row.number
        self.size += row.size
        self.course[slot] += row.number
        outcome = row.line.outcome
        if outcome in counting.FAULTS:
            self.faults += row.number
            self.faulty[slot] += row.number
        elif outcome == counting.DENIED:
            self.denied += row.number
        elif outcome == counting.BAD:
            self.bad += row.number
        elif self.succeeded is None or row.last > self.succeeded:
            self.succeeded = row.last
        mine = self.durations
        for bucket, number in row.durations.items():
            mine[bucket] = mine.get(bucket, 0) + number

    def take(self, other: "Health") -> None:
        """With all of another's, which is of other messages."""
        for name in ("number", "faults", "denied", "bad", "size"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for bucket, number in other.durations.items():
            self.durations[bucket] = self.durations.get(bucket, 0) + number
        moments = [at for at in (self.succeeded, other.succeeded) if at is not None]
        self.succeeded = max(moments, default=None)


@dataclass(frozen=True)
class Row:
    """One row of the record."""

    at: datetime
    line: Line
    number: int
    size: int
    last: datetime
    durations: Mapping[str, int]


@dataclass
class Figures:
    """All of a period: together, by member, by service; and how many were only passed on."""

    total: Health = field(default_factory=Health)
    members: dict[str, Health] = field(default_factory=dict)
    services: dict[str, Health] = field(default_factory=dict)
    passed: int = 0


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
    found = Figures()
    for row in rows(wanted):
        if row.line.way == counting.THROUGH:
            found.passed += row.number
            continue
        slot = wanted.slot(row.at)
        member, service = member_of(row.line.client), service_of(row.line.service)
        found.members.setdefault(member, Health()).add(row, slot)
        found.services.setdefault(service, Health()).add(row, slot)
    for health in found.services.values():
        found.total.take(health)
    if not wanted.outcome:
        _silent(found, wanted)
    return found


def _silent(found: Figures, wanted: Wanted) -> None:
    week = Traffic.objects.filter(at__gte=wanted.until - REMEMBERED, outcome=counting.OK)
    week = week.exclude(way=counting.THROUGH)
    told = week.values_list("client", "service").annotate(last=Max("last"))
    for client, service, last in told:
        member, named = member_of(client), service_of(service)
        if not _fits(wanted, member, named):
            continue
        for group, name in ((found.members, member), (found.services, named)):
            health = group.setdefault(name, Health())
            if health.succeeded is None or last > health.succeeded:
                health.succeeded = last


def sums(wanted: Wanted) -> Iterator[tuple[Line, int]]:
    """How many of each line in a period, added up by the database: of each line once."""
    found = _chosen(wanted).values_list(*Line._fields).annotate(Sum("number"))
    for *told, number in found.iterator(2000):
        line = Line(*told)
        if _counts(line, wanted):
            yield line, number


def rows(wanted: Wanted) -> Iterator[Row]:
    """The rows of a period, each line's by minute, hour or day."""
    names = ("at", *Line._fields, "number", "size", "last", "durations")
    for at, *told in _chosen(wanted).values_list(*names).iterator(2000):
        line = Line(*told[:6])
        if _counts(line, wanted):
            yield Row(at, line, *told[6:])


def _chosen(wanted: Wanted) -> QuerySet[Traffic]:
    chosen = Traffic.objects.filter(at__gte=wanted.since, at__lt=wanted.until)
    if wanted.outcome:
        chosen = chosen.filter(outcome=wanted.outcome)
    if wanted.member:
        part = Q(client=wanted.member) | Q(client__contains=f"/{wanted.member}")
        chosen = chosen.filter(part)
    if wanted.service:
        chosen = chosen.filter(service__endswith=wanted.service.rpartition(".")[2])
    return chosen


def _counts(line: Line, wanted: Wanted) -> bool:
    """What this node asked of itself through its gateway was counted at both of its ends: one of
    them counts."""
    if line.way == counting.IN and line.consumer_node == line.provider_node != "":
        return False
    return _fits(wanted, member_of(line.client), service_of(line.service))


def _fits(wanted: Wanted, member: str, service: str) -> bool:
    return wanted.member in ("", member) and wanted.service in ("", service)


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
