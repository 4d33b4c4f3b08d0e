"""Reading a batch of events: every row is judged, and a batch is taken as a whole or not at all."""

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from lingnan.kernel.runtime.api import Title, legal_time
from lingnan.standards import credit_code
from lingnan.systems.government.credit.models import CreditEvent

COLUMNS = {
    "credit_code": Title("统一社会信用代码", "Credit code"),
    "name": Title("名称", "Name"),
    "kind": Title("事件类型", "Kind of event"),
    "severity": Title("处罚轻重", "Weight of the penalty"),
    "trade": Title("行业", "Trade"),
    "document": Title("决定文书号", "Number of the decision"),
    "what": Title("事由", "What was found"),
    "basis": Title("法律依据", "Legal basis"),
    "decided_on": Title("决定日期", "Decided on"),
    "ended_on": Title("终止日期", "Ends on"),
}
OPTIONAL = ("severity", "trade", "ended_on")
LENGTHS = {"name": 120, "document": 60, "what": 200, "basis": 200}
MOST, LARGEST = 500, 256 * 1024
Row = Mapping[str, str]


class Unreadable(ValueError):
    """The text is no table with the columns that a batch has; the message says why."""


@dataclass(frozen=True)
class Judged:
    """Rows fit to be entered, and what has to be put right: (row from 1, message)."""

    rows: tuple[dict[str, Any], ...]
    faults: tuple[tuple[int, str], ...]


def decode(content: bytes) -> str:
    """Text of a file as offices write it: UTF-8 or GB 18030. Raises Unreadable."""
    if len(content) > LARGEST:
        raise Unreadable(_("The file is larger than 256 KB."))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("The file is neither UTF-8 nor GB 18030 text."))


def read(text: str) -> list[Row]:
    """The rows of a CSV text by column code; headings as words or codes. Raises Unreadable."""
    if "\x00" in text:
        raise Unreadable(_("This is no table."))
    known = {code: code for code in COLUMNS}
    for code, title in COLUMNS.items():
        known |= {title.zh: code, title.en: code}
    try:
        lines = [line for line in csv.reader(io.StringIO(text.strip()), strict=True) if any(line)]
    except csv.Error:
        raise Unreadable(_("This is no table.")) from None
    heads = [known.get(head.strip(), "") for head in lines[0]] if lines else []
    missing = [str(title) for code, title in COLUMNS.items() if code not in (*heads, *OPTIONAL)]
    if missing:
        raise Unreadable(_("Columns are missing: %(names)s") % {"names": "、".join(missing)})
    if not 1 < len(lines) <= MOST + 1:
        raise Unreadable(_("A batch has 1 to 500 rows."))
    return [dict(zip(heads, map(str.strip, line), strict=False)) for line in lines[1:]]


def judge(rows: Sequence[Row], source: str) -> Judged:
    """Judge every row of a source's batch, by itself and against what is on record."""
    documents = [row.get("document", "") for row in rows]
    numbers = {name: number_of(source, name) for name in documents if name}
    held = set(
        CreditEvent.objects.filter(number__in=numbers.values()).values_list("number", flat=True)
    )
    found, faults = [], []
    for place, row in enumerate(rows, start=1):
        values, wrong = _judged(row)
        document = row.get("document", "")
        if document and documents.index(document) != place - 1:
            wrong.append(_("The number of the decision stands twice in this batch."))
        elif document and numbers[document] in held:
            said = _("This decision is on record already: %(number)s")
            wrong.append(said % {"number": numbers[document]})
        faults += [(place, message) for message in wrong]
        if not wrong:
            found.append(values | {"number": numbers[document]})
    return Judged(tuple(found), tuple(faults))


def number_of(source: str, document: str) -> str:
    """One number for one decision of one source: so the database refuses it twice."""
    mark = hashlib.sha256(f"{source}|{document}".encode()).hexdigest()
    return f"X-{mark[:16].upper()}"


def _judged(row: Row) -> tuple[dict[str, Any], list[str]]:
    wrong: list[str] = []
    values: dict[str, Any] = {}
    for code, longest in LENGTHS.items():
        values[code] = row.get(code, "")
        if not 0 < len(values[code]) <= longest:
            said = _("%(column)s: 1 to %(count)s characters.")
            wrong.append(said % {"column": COLUMNS[code], "count": longest})
    try:
        values["credit_code"] = credit_code.parse(row.get("credit_code", "")).number
    except credit_code.InvalidCreditCode:
        wrong.append(_("The credit code is not right."))
    values["kind"] = _chosen("kind", row, CreditEvent.KINDS, wrong)
    values["trade"] = _chosen("trade", row, CreditEvent.TRADES, wrong, "other")
    values["severity"] = _chosen("severity", row, [*CreditEvent.SEVERITIES, ("", "")], wrong)
    if (values["kind"] == "penalty") != bool(values["severity"]):
        wrong.append(_("A penalty has its weight, and nothing else has."))
    _days(row, values, wrong)
    return values, wrong


def _days(row: Row, values: dict[str, Any], wrong: list[str]) -> None:
    for code in ("decided_on", "ended_on"):
        text = row.get(code, "")
        values[code] = None
        if text or code == "decided_on":
            try:
                values[code] = date.fromisoformat(text)
            except ValueError:
                wrong.append(_("%(column)s: a day as 2026-03-02.") % {"column": COLUMNS[code]})
    decided, ended = values["decided_on"], values["ended_on"]
    if decided and decided > legal_time.today():
        wrong.append(_("The day of the decision is still to come."))
    if decided and decided.year < 1949:
        wrong.append(_("The day of the decision is too long ago."))
    if decided and ended and (ended <= decided or ended.year > 2999):
        wrong.append(_("It cannot end before it was decided."))


def _chosen(
    code: str, row: Row, choices: Sequence[tuple[str, Any]], wrong: list[str], default: str = ""
) -> str:
    """A choice by its code or its word in the reader's language."""
    text = row.get(code, "") or default
    words = {str(word): value for value, word in choices if value}
    found = words.get(text, text)
    if found not in dict(choices):
        said = _("%(column)s: one of %(names)s.")
        wrong.append(said % {"column": COLUMNS[code], "names": "、".join(words)})
        return ""
    return found
