"""Looking through the evidence once, in the order of its numbers, up to a watermark.

A batch is one transaction with its watermark: cut off anywhere it is done again as a whole, and
where two processes do it at once, one of them does.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import EvidenceUnavailable, node_evidence
from lingnan.systems.assurance.trust_governance import accesses, findings, protecting
from lingnan.systems.assurance.trust_governance.models import Counted, Recent, Scanned
from lingnan.systems.assurance.trust_governance.rules import unusual
from lingnan.systems.assurance.trust_governance.rules.unusual import Access

BATCH = 250
MOST = 10_000


class _Overtaken(Exception):
    """Another process has looked through this batch meanwhile."""


def run(most: int = MOST) -> int:
    """Look through up to so many new entries; returns how many. What is left is a next round's."""
    done = 0
    with legal_time.hold():
        while done < most:
            try:
                looked = _batch(min(BATCH, most - done))
            except (_Overtaken, EvidenceUnavailable):
                return done
            if not looked:
                return done
            done += looked
    return done


def rebuild() -> int:
    """Counts anew from the whole evidence; findings stay, for none is made twice."""
    with transaction.atomic():
        for model in (Scanned, Counted, Recent):
            model.objects.all().delete()
    done = 0
    while looked := run():
        done += looked
    return done


def up_to() -> int:
    """The number of the last entry that was looked at."""
    return Scanned.objects.values_list("up_to", flat=True).first() or 0


def _batch(size: int) -> int:
    first = up_to()
    reader = node_evidence.reader()
    entries = sorted(reader.entries(None, first + size + 1, size), key=lambda one: one.seq)
    entries = [one for one in entries if one.seq > first]
    if not entries:
        return 0
    last = entries[-1].seq
    chosen = [one for one in entries if one.kind in accesses.KINDS and one.payload]
    subjects = reader.subjects_between(first + 1, last)
    facts = accesses.Facts(chosen, subjects, protecting.in_force())
    found = [(one, facts.access(one)) for one in chosen]
    with transaction.atomic():
        _move(first, last)
        _count([access for _entry, access in found], facts)
        for entry, access in found:
            # Figures are of nobody: they are counted, and no rule asks about them.
            if access.official and access.kind != accesses.FIGURES:
                _judge(entry, access)
        days = unusual.parameters()["rules"]["much_looked_at"]["days"] + 1
        if found:
            before = found[-1][1].at - timedelta(days=days)
            Recent.objects.filter(at__lt=before).delete()
    return len(entries)


def _move(first: int, last: int) -> None:
    """Set the watermark, unless somebody else has. Raises _Overtaken."""
    Scanned.objects.get_or_create(pk=1)
    if Scanned.objects.filter(pk=1, up_to=first).update(up_to=last) != 1:
        raise _Overtaken


def _count(found: Sequence[Access], facts: accesses.Facts) -> None:
    counted = Counter((one.at.date(), one.body, one.official, one.kind) for one in found)
    for (day, body, official, kind), number in counted.items():
        named = {"day": day, "body": body, "official": official, "kind": kind}
        division = facts.division(body)
        row, _made = Counted.objects.get_or_create(**named, defaults={"division": division})
        Counted.objects.filter(pk=row.pk).update(number=F("number") + number)


def _judge(entry: Any, access: Access) -> None:
    since = access.at - unusual.OF_OFFICIAL
    by = _rows(Q(official=access.official, at__gte=since))
    of: list[Access] = []
    if access.subjects:
        days = unusual.parameters()["rules"]["much_looked_at"]["days"]
        wanted = Q(subject__in=access.subjects, at__gte=access.at - timedelta(days=days))
        of = _rows(wanted)
    findings.note(entry, access, unusual.unusual(access, by, of, accesses.working))
    Recent.objects.bulk_create(_recent(access))


def _recent(access: Access) -> list[Recent]:
    """A row for each subject, one where none is looked at by itself."""
    return [
        Recent(
            seq=access.seq, at=access.at, kind=access.kind, body=access.body,
            official=access.official, subject=subject, for_case=access.for_case,
            number=access.number,
        )
        for subject in access.subjects or (None,)
    ]  # fmt: skip


def _rows(wanted: Q) -> list[Access]:
    """Accesses of the last weeks as the rules know them, each with the subjects asked for."""
    found: dict[int, list[Recent]] = {}
    for row in Recent.objects.filter(wanted).order_by("seq"):
        found.setdefault(row.seq, []).append(row)
    return [
        Access(
            seq=seq,
            at=rows[0].at.astimezone(legal_time.CHINA),
            kind=rows[0].kind,
            body=rows[0].body,
            official=rows[0].official,
            subjects=tuple(row.subject for row in rows if row.subject is not None),
            number=rows[0].number,
            for_case=rows[0].for_case,
        )
        for seq, rows in found.items()
    ]
