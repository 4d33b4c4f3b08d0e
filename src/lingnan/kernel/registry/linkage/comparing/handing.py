"""What was found as a file: a batch of records is in the evidence before its first line leaves."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from lingnan.kernel.registry import reading
from lingnan.kernel.registry.linkage.comparing import rights, seeing, standing, words
from lingnan.kernel.registry.linkage.comparing.found import Answer, Found, Row
from lingnan.kernel.registry.linkage.models import Comparison
from lingnan.kernel.registry.records import Record
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Actor
from lingnan.kernel.ui import api as ui

BATCH = 200


def filename(one: Comparison) -> str:
    synthetic = "synthetic-" if legal_time.is_demonstration() else ""
    return f"{synthetic}comparison-{one.ref[:8]}-{legal_time.today().isoformat()}.csv"


def pieces(one: Comparison, who: Actor) -> Iterator[bytes]:
    """A line for each answer, and one for each row that has none (CSV, UTF-8 with a mark)."""
    model = rights.model_of(one)
    synthetic = [_("Yes")] if legal_time.is_demonstration() else []
    yield (ui.CSV_BOM + ui.csv_line(_head())).encode()
    with Found(one.ref) as found:
        for rows in found.batches(BATCH):
            told, answers = standing.today(model, rows, found.answers(rows))
            seen = seeing.seen("record.exported", one, model, who, answers)
            for row in told:
                for cells in _lines(model, row, seen.answers[row.number]):
                    yield ui.csv_line(map(_cell, cells + synthetic)).encode()


def _head() -> list[str]:
    said = [
        _("Row"), pgettext("linkage", "What was found"), _("Records that may fit"), _("Rank"),
        _("Reference of the record"), _("Weight"), _("How the fields agree"),
        _("What is wrong"),
    ]  # fmt: skip
    return said + ([_("synthetic")] if legal_time.is_demonstration() else [])


def _lines(model: type[Record], row: Row, answers: list[tuple[Answer, Any]]) -> Iterator[list[str]]:
    mark = "; " if (get_language() or "").startswith("en") else "；"
    wrong = mark.join(words.of_problem(model, one) for one in row.problems)
    kind = str(words.KINDS[row.kind][1])
    count = str(row.answers) if row.answers else ""
    shown = [(place, one) for place, (one, record) in enumerate(answers, 1) if record is not None]
    for place, answer in shown:
        levels = mark.join(words.of_levels(model, dict(answer.levels)))
        ref = reading.reference_of(model, answer.record)
        weight = f"{answer.weight:.1f}"
        yield [str(row.number), kind, count, str(place), ref, weight, levels, wrong]
    if not shown:
        gone = seeing.gone() if answers else ""
        yield [str(row.number), kind, count, "", "", "", gone, wrong]


def _cell(text: str) -> str | Decimal:
    """A weight below nought is a number, and no formula."""
    if text.startswith("-"):
        with contextlib.suppress(InvalidOperation):
            return Decimal(text)
    return text
