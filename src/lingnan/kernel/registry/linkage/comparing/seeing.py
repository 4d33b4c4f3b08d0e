"""The records that were found, as an official may see them today: evidence first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lingnan.kernel.registry.linkage.comparing.found import Answer
from lingnan.kernel.registry.linkage.models import Comparison
from lingnan.kernel.registry.reading import witness_many
from lingnan.kernel.registry.records import Record, visible_to
from lingnan.kernel.trust.api import Actor
from lingnan.kernel.ui import api as ui


@dataclass(frozen=True)
class Seen:
    """By the row's number its answers, each with its record (None: not to be seen any more)."""

    answers: dict[int, list[tuple[Answer, Any]]]


def seen(
    kind: str,
    one: Comparison,
    model: type[Record],
    who: Actor,
    answers: dict[int, list[Answer]],
) -> Seen:
    """Only records in sight; which they are is written down, as evidence of a kind, before."""
    keys = list(dict.fromkeys(a.record for found in answers.values() for a in found))
    rows: dict[int, Any] = {}
    for start in range(0, len(keys), 500):
        some = visible_to(model, who).filter(key__in=keys[start : start + 500])
        rows |= {row.key: row for row in some}
    shown, about = [key for key in keys if key in rows], model.record.concerns
    known = [getattr(rows[key], about) for key in shown] if about else []
    said = {"search": "", "comparison": one.ref, "matter": one.matter, "purpose": one.purpose}
    witness_many(kind, model, who, shown, known, said)
    return Seen({n: [(a, rows.get(a.record)) for a in found] for n, found in answers.items()})


def of_merged() -> ui.Notice:
    """What stands beside a record into which another went since the comparison."""
    text = _("How the fields agree is told as it was when the file was compared.")
    return ui.Notice("info", _("Another record was merged into this one since"), text)


def gone() -> str:
    """What stands in the place of a record that is not to be seen any more."""
    return _("no longer in your sight, or ended")
