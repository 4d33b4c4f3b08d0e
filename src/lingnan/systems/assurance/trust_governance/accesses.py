"""The evidence as accesses: who saw whose data, for what, in plain facts for the rules."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from lingnan.kernel.duty.api import calendars
from lingnan.kernel.exchange.api import officials_on_record
from lingnan.kernel.registry.api import divisions_of
from lingnan.kernel.runtime.api import keys, legal_time
from lingnan.kernel.trust.api import Body, Holding
from lingnan.standards.working_days import CalendarNotAnnounced
from lingnan.systems.assurance.trust_governance.rules.unusual import Access

KINDS = (
    "exchange.read",
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
SIGNATURE = re.compile(r"^(.*) \(([^/()]+/[^/() ]+ [0-9a-f]{8})\)$")


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
    """The account behind the mark of an official who holds that post today; None without one."""
    place, _blank, mark = official.partition(" ")
    body, _slash, role = place.partition("/")
    held = Holding.objects.filter(body=body, role=role, ended=False)
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

    def __init__(self, entries: Sequence[Any], subjects: Mapping[int, Sequence[Any]]) -> None:
        self._subjects = subjects
        self._bodies = dict(Body.objects.values_list("code", "division"))
        self._officials = officials_on_record()
        wanted: dict[str, set[int]] = {}
        for entry in entries:
            for one in self.whom(entry.seq):
                wanted.setdefault(one.holder, set()).add(one.key)
        self._places = {kind: divisions_of(kind, found) for kind, found in wanted.items()}

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
            number=max(1, len(named)),
            for_case=entry.kind.startswith("case.") or bool(payload.get("case")),
            outside=self._outside(body_of(payload), few),
            own=self._own(official, few),
        )

    def _outside(self, body: str, subjects: Iterable[Any]) -> int:
        reach = significant(self.division(body))
        places = [self._places.get(one.holder, {}).get(one.key, "") for one in subjects]
        return sum(bool(place) and not place.startswith(reach) for place in places) if reach else 0

    def _own(self, official: str, subjects: Iterable[Any]) -> str:
        if not official:
            return ""
        held = [
            account
            for one in subjects
            if one.holder == "person"
            for account in self._officials.get(one.key, ())
        ]
        if not held:
            return ""
        if account_of(official) in held:
            return "self"
        body = official.partition("/")[0]
        there = Holding.objects.filter(account__in=held, body=body, ended=False)
        return "colleague" if there.exists() else ""


def significant(division: str) -> str:
    """The digits of a division's code that say something: 440000 → 44."""
    while division.endswith("00"):
        division = division[:-2]
    return division
