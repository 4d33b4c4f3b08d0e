"""What was found, as the records stand today: one that was merged away is the one it went into."""

from collections.abc import Sequence
from dataclasses import replace

from lingnan.kernel.registry.linkage.comparing.found import Answer, Row
from lingnan.kernel.registry.linkage.finding import linkage_of
from lingnan.kernel.registry.linkage.following import survivors
from lingnan.kernel.registry.linkage.merging import kind_of
from lingnan.kernel.registry.records import Record

Answers = dict[int, list[Answer]]


def today(model: type[Record], rows: Sequence[Row], found: Answers) -> tuple[list[Row], Answers]:
    """Rows with their number of answers and their kind, and the answers, as of today.

    Records that became one are one answer, with the weight of the likelier. What is counted of
    the whole file stays as it was when the file was compared.
    """
    keys = {answer.record for listed in found.values() for answer in listed}
    now = survivors(kind_of(model), keys)
    answers = {number: _joined(listed, now) for number, listed in found.items()}
    propose = linkage_of(model).propose
    told = [_row(row, len(found[row.number]), answers[row.number], propose) for row in rows]
    return told, answers


def _joined(listed: list[Answer], now: dict[int, int]) -> list[Answer]:
    """The likeliest come first, so the first of those that became one stays."""
    found: dict[int, Answer] = {}
    for one in listed:
        key = now[one.record]
        had = found.setdefault(key, replace(one, record=key))
        found[key] = replace(had, merged=had.merged or key != one.record)
    return list(found.values())


def _row(row: Row, had: int, answers: list[Answer], propose: float) -> Row:
    fewer = had - len(answers)
    if not fewer:
        return row
    likely = sum(answer.weight >= propose for answer in answers)
    # Of more answers than are kept it is not known how many became one.
    alone = row.kind == "several" and row.answers == had and likely == 1
    return replace(row, answers=row.answers - fewer, kind="certain" if alone else row.kind)
