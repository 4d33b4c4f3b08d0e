"""The evidence as accesses: who saw whose data, for what, in plain facts for the rules."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from lingnan.kernel.duty.api import calendars
from lingnan.kernel.exchange.api import among_set, households_on_record, officials_on_record
from lingnan.kernel.matters.api import Case
from lingnan.kernel.registry.api import divisions_of
from lingnan.kernel.runtime.api import keys, legal_time
from lingnan.kernel.trust.api import Body, Holding
from lingnan.standards.working_days import CalendarNotAnnounced
from lingnan.systems.assurance.trust_governance.rules.kinship import Known, kinship
from lingnan.systems.assurance.trust_governance.rules.unusual import Access

SET, FIGURES = "exchange.set", "exchange.counted"
KINDS = (
    "exchange.read",
    SET,
    FIGURES,
    "record.opened",
    "record.listed",
    "record.exported",
    "record.uses",
    "record.emergency",
    "emergency.unjustified",
    "case.opened",
    "case.supervised",
)
# How many subjects of one access are looked at one by one; a list of hits has up to 500.
FEW = 20
# Under a lent post the lender's mark follows: who acted is the first.
SIGNATURE = re.compile(r"^(.*) \(([^/()]+/[^/() ]+ [0-9a-f]{8})(?: for [0-9a-f]{8})?\)$")


def official_of(signature: str) -> tuple[str, str]:
    """(name, body/role and mark) of an official's signature; ("", "") of anybody else's."""
    found = SIGNATURE.match(signature)
    return (found[1], found[2]) if found else ("", "")


def body_of(payload: Mapping[str, Any]) -> str:
    """The body that saw the data."""
    return str(payload.get("consumer") or payload.get("body") or "")


def moment(text: str) -> datetime:
    """When an entry was written, in China's time."""
    return datetime.fromisoformat(text).astimezone(legal_time.CHINA)


def account_of(official: str) -> int | None:
    """The account behind the mark of an official who holds a post at that body today; None
    without one. Any post: a lent one is acted under by who holds another there."""
    place, _blank, mark = official.partition(" ")
    held = Holding.objects.filter(body=place.partition("/")[0], ended=False).order_by("key")
    for account in held.values_list("account", flat=True):
        if keys.veil(account, "trust.account")[:8] == mark:
            return int(account)
    return None


def working(day: date) -> bool | None:
    """Whether a day is a working day; None where its calendar is not announced."""
    try:
        return bool(calendars.calendar().is_working_day(day))
    except (CalendarNotAnnounced, LookupError):
        return None


class Facts:
    """What is asked once for a batch of entries: territories, and officials as residents."""

    def __init__(
        self,
        entries: Sequence[Any],
        subjects: Mapping[int, Sequence[Any]],
        marked: Collection[int] = (),
    ) -> None:
        self._subjects = subjects
        self._bodies = dict(Body.objects.values_list("code", "division"))
        self._officials = officials_on_record()
        wanted: dict[str, set[int]] = {}
        for entry in entries:
            for one in self.whom(entry.seq):
                wanted.setdefault(one.holder, set()).add(one.key)
        self._places = {kind: divisions_of(kind, found) for kind, found in wanted.items()}
        self._people = {one: key for key, held in self._officials.items() for one in held}
        people = {*wanted.get("person", ()), *self._officials} if self._officials else set()
        self._living = households_on_record(people)
        self._protected = marked

    def division(self, body: str) -> str:
        return self._bodies.get(body, "")

    def whom(self, seq: int) -> list[Any]:
        """The subjects of an entry that are looked at one by one, by key; pseudonyms are not."""
        found = [one for one in self._subjects.get(seq, ()) if one.holder != "pseudonym"]
        return found if len(found) <= FEW else []

    def access(self, entry: Any) -> Access:
        """The facts of one entry of an official."""
        payload = entry.payload or {}
        official = official_of(str(payload.get("actor", "")))[1]
        named = [one for one in self._subjects.get(entry.seq, ()) if one.holder != "pseudonym"]
        few = self.whom(entry.seq)
        return Access(
            seq=entry.seq,
            at=moment(entry.at),
            kind=entry.kind,
            body=body_of(payload),
            official=official,
            subjects=tuple(one.key for one in few),
            number=int(payload["count"]) if entry.kind == SET else max(1, len(named)),
            for_case=entry.kind.startswith("case.") or bool(payload.get("case")),
            outside=self._outside(body_of(payload), few),
            own=self._own(official, few),
            marked=self._marked(entry, named),
            own_case=_own_case(entry.kind, payload),
            clock=_clock(payload),
        )

    def _marked(self, entry: Any, named: Sequence[Any]) -> int:
        """How many under protection were seen; a list that nobody searched shows everybody."""
        browsed = entry.kind == "record.listed" and not (entry.payload or {}).get("search")
        if not self._protected or browsed:
            return 0
        if entry.kind == SET:
            return int(among_set(entry.seq, "person", self._protected))
        return sum(one.key in self._protected for one in named)

    def _outside(self, body: str, subjects: Iterable[Any]) -> int:
        reach = significant(self.division(body))
        places = [self._places.get(one.holder, {}).get(one.key, "") for one in subjects]
        return sum(bool(place) and not place.startswith(reach) for place in places) if reach else 0

    def _own(self, official: str, subjects: Iterable[Any]) -> str:
        """The nearest that the official is known to be to any of the subjects."""
        people = [one.key for one in subjects if one.holder == "person"]
        if not official or not people:
            return ""
        body, account = official.partition("/")[0], account_of(official)
        this = self._known(self._people.get(account or 0))
        found = {kinship(this, body, self._known(key)) for key in people}
        return next((one for one in ("self", "household", "colleague") if one in found), "")

    def _known(self, key: int | None) -> Known:
        if key is None:
            return Known("")
        held = self._officials.get(key, ())
        posts = Holding.objects.filter(account__in=held, ended=False) if held else None
        bodies = frozenset(posts.values_list("body", flat=True)) if posts is not None else ()
        living = self._living.get(key)
        return Known(
            str(key),
            living.household if living else "",
            living.family if living else False,
            frozenset(bodies),
        )


def _own_case(kind: str, payload: Mapping[str, Any]) -> bool:
    """Whether it was for a case that the body itself handles."""
    number, body = str(payload.get("case") or ""), body_of(payload)
    named = Q(number=number)
    if len(number) == 32:
        named |= Q(application_id=number)
    return bool(number) and Case.objects.filter(named, body=body).exists()


def _clock(payload: Mapping[str, Any]) -> datetime | None:
    """In a demonstration hours are those of its business clock, where the entry tells it."""
    said = str(payload.get("legal_time") or "")
    return moment(said) if said and legal_time.is_demonstration() else None


def significant(division: str) -> str:
    """The digits of a division's code that say something: 440000 → 44."""
    while division.endswith("00"):
        division = division[:-2]
    return division
