"""The door of aggregate uses."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError
from django.db.models import Max

from lingnan.kernel.exchange import agreements, gateway, limited, onward, rates, remote
from lingnan.kernel.exchange import rows as conditions
from lingnan.kernel.exchange.aggregates import across, control, earlier
from lingnan.kernel.exchange.aggregates.earlier import Meant, Past
from lingnan.kernel.exchange.aggregates.reckoning import Cell, Reckoning
from lingnan.kernel.exchange.aggregates.values import (
    MOST_BY,
    MOST_OF_ONE,
    MOST_WHERE,
    BadQuestion,
    Question,
    Table,
)
from lingnan.kernel.exchange.catalogue import Resource
from lingnan.kernel.exchange.covering import AGGREGATE
from lingnan.kernel.exchange.models import Agreement, Counting
from lingnan.kernel.exchange.traffic import uses as counted
from lingnan.kernel.exchange.use import Denied, InsideTransaction, Unavailable
from lingnan.kernel.registry.display import label
from lingnan.kernel.registry.projection import held
from lingnan.kernel.registry.records import Record, significant
from lingnan.kernel.registry.statistics import disclosure
from lingnan.kernel.registry.statistics.axes import Axis, axes
from lingnan.kernel.runtime.api import Moment, legal_time
from lingnan.kernel.trust.api import EvidenceUnavailable, node_evidence

MOST_CELLS = 8_000


def ask(question: Question) -> Table:
    """Count what is asked for, of today; the use is written down before the answer.

    Raises Denied (no agreement for aggregates, an element it does not name, a table that would tell
    of few), BadQuestion, Unavailable (no copy to count from, no evidence), InsideTransaction.
    """
    if gateway.inside_transaction():
        raise InsideTransaction
    with legal_time.hold():
        home = remote.route_to(question.resource.split(".", 1)[0])
        if home is None:
            return counted.one(question, answer_here)
        return across.asked(home, question)


def answer_here(question: Question) -> Table:
    """Count in the registers of this node. Raises as `ask`."""
    single = question.single()
    resource = gateway.shared(single)
    agreement = agreements.covering(single, AGGREGATE)
    onward.demand(single, resource)
    model, known = dimensions(resource)
    _possible(question, resource, agreement, known)
    rates.take(agreement, 0)
    where = _within(question, resource, agreement, model, known)
    return _answered(question, agreement, where, model, known)


def answered(said: Mapping[str, Any], who: str, system: str) -> dict[str, Any]:
    """To another node: the table that may be told to the member that asks, or what is wrong with
    the question. Raises as `ask`; ValueError, KeyError or TypeError on what is none;
    PermissionError on another member's."""
    question = Question.read(said["question"])
    if question.consumer != who or question.resource.partition(".")[0] != system:
        raise PermissionError("the question is not of the member and the service of the message")
    try:
        with legal_time.hold():
            table = answer_here(question).plain()
    except BadQuestion as bad:
        return {"bad": bad.field}
    if said.get("agreement") is not True:
        # A node of the release before takes a table of its own fields alone.
        del table["agreement"]
    return table


def dimensions(resource: Resource) -> tuple[type[Record], dict[str, Axis]]:
    """The record type of a resource that is counted, and by what. Raises Denied."""
    if resource.counted is None:
        raise Denied(f"{resource.code} is not counted for others (uses)", "uses")
    return resource.counted, {
        one.code: one for one in axes(resource.counted) if one.dimension.kind != "township"
    }


def open_to(resource: Resource, agreement: Agreement) -> dict[str, Axis]:
    """By what an agreement lets a resource be counted: dimensions of the elements it names."""
    model, known = dimensions(resource)
    fields = {model.record.elements.get(code) for code in agreement.elements}
    return {code: one for code, one in known.items() if one.dimension.field in fields}


def summed(resource: Resource) -> dict[str, str]:
    """What of it may be added up, by field: what people call it."""
    model = resource.counted
    return {name: label(model, name) for name in resource.summed} if model is not None else {}


def _possible(
    question: Question, resource: Resource, agreement: Agreement, known: Mapping[str, Axis]
) -> None:
    by, where = question.by, dict(question.where)
    if not 1 <= len(by) <= MOST_BY or len(set(by)) < len(by) or not set(by) <= set(known):
        raise BadQuestion("by")
    many = len(where) > MOST_WHERE or any(len(one) > MOST_OF_ONE for one in where.values())
    if many or len(where) < len(question.where) or not set(where) <= set(known):
        raise BadQuestion("where")
    if not all(where.values()):
        raise BadQuestion("where")
    if question.total and (question.total not in resource.summed or question.rounded):
        raise BadQuestion("total")
    if not {*by, *where} <= set(open_to(resource, agreement)):
        raise Denied("the agreement does not name what is counted by (elements)", "elements")
    if agreement.rows and conditions.read(agreement.rows):
        # They are judged on answers, of which an aggregate has none.
        raise Denied("the agreement lets certain rows through alone (rows)", "rows")


def _within(
    question: Question, resource: Resource, agreement: Agreement, model: type[Record],
    known: Mapping[str, Axis],
) -> dict[str, tuple[str, ...]]:  # fmt: skip
    """The conditions, with the division that the agreement is bounded to. Raises Denied."""
    where = {code: tuple(sorted(set(values))) for code, values in question.where}
    if not agreement.subjects:
        return where
    field = model.record.elements.get(resource.division, "")
    place = agreement.subjects
    if place == limited.TERRITORY:
        place = conditions.asker(question.consumer).territory or ""
    begins = significant(place)
    if field not in known or not begins:
        raise Denied("the agreement covers a division alone (subjects)", "subjects")
    codes = tuple(code for code in _codes(model, known[field]) if code.startswith(begins))
    if field in where:
        codes = tuple(code for code in where[field] if code.startswith(begins))
    if not codes:
        raise Denied("the agreement covers a division alone (subjects)", "subjects")
    return where | {field: codes}


def _codes(model: type[Record], axis: Axis) -> list[str]:
    """Every division that a register's copy has."""
    reckoning = Reckoning(model, _copy(model), {axis.code: axis}, Moment(legal_time.today()))
    return sorted(key[0] for key in reckoning.cells([axis.code], {}))


def _copy(model: type[Record]) -> held.Copy:
    try:
        return held.opened(model)
    except LookupError:
        raise Unavailable("the copy from which is counted is being made") from None


def _answered(
    question: Question, agreement: Agreement, where: dict[str, tuple[str, ...]],
    model: type[Record], known: Mapping[str, Axis],
) -> Table:  # fmt: skip
    today, copy = legal_time.today(), _copy(model)
    reckoning = Reckoning(model, copy, known, Moment(today))
    where = earlier.bounding(reckoning, where)
    past = earlier.answered(question.resource, question.consumer, str(agreement.number), today)
    earlier.demand(reckoning, question.by, where, past)
    found = reckoning.cells(question.by, where, question.total)
    rows, columns, cells = laid_out(question.by, known, found)
    if len(rows) * len(columns) > MOST_CELLS:
        raise BadQuestion("size")
    asked = Past(question.by, where, question.total, rows, columns, frozenset(), question.rounded)
    shown, hidden = _shown(question, asked, cells, past)
    evidence = _written(question, agreement, asked, hidden)
    return Table(
        question.by, rows, columns, shown, question.total, question.rounded, today.isoformat(),
        copy.state.made_at, evidence, str(agreement.number),
    )  # fmt: skip


def laid_out(
    by: Sequence[str], known: Mapping[str, Axis], found: Mapping[tuple[str, ...], Cell]
) -> tuple[tuple[str, ...], tuple[str, ...], list[list[Cell]]]:
    """Rows and columns by their categories, and the cells between them."""
    rows = tuple(known[by[0]].categories(key[0] for key in found))
    columns = ("",) if len(by) == 1 else tuple(known[by[1]].categories(key[1] for key in found))
    cells = [
        [found.get((row,) if len(by) == 1 else (row, column), Cell()) for column in columns]
        for row in rows
    ]
    return rows, columns, cells


def _shown(
    question: Question, asked: Past, cells: Sequence[Sequence[Cell]], past: Sequence[Past]
) -> tuple[tuple[tuple[int | None, ...], ...], set[tuple[int, int]]]:
    """What is told, and which spots are not. Raises Denied where the table cannot be protected."""
    if question.rounded:
        if any(not one.rounded for one in past):
            # Exact and rounded counts of the same would be compared.
            raise Denied("exact counts were told of this day (difference)", "difference")
        counts = [[one.count for one in row] for row in cells]
        return tuple(map(tuple, disclosure.rounded(counts))), set()
    if any(one.rounded for one in past):
        raise Denied("rounded counts were told of this day (difference)", "difference")
    secret, known = _known(past, question.total)
    whom = dict(asked.spots())
    before = {spot for spot, who in whom.items() if who in secret}
    hidden = control.withheld(cells, bool(question.total), before, lambda spot: whom[spot] in known)
    if hidden is None:
        raise Denied("what was told before would give withheld counts away (difference)",
                     "difference")  # fmt: skip
    whole = control.grid(cells)
    shown = tuple(
        tuple(
            None if (i, j) in hidden else (one.total if question.total else one.count)
            for j, one in enumerate(row)
        )
        for i, row in enumerate(whole)
    )
    return shown, hidden


def _known(past: Sequence[Past], total: str) -> tuple[set[Meant], set[Meant]]:
    """Which cells were withheld, and which were told, of the same figure."""
    secret: set[Meant] = set()
    known: set[Meant] = set()
    for one in past:
        if one.total == total:
            for spot, who in one.spots():
                (secret if spot in one.hidden else known).add(who)
    return secret - known, known


def _written(
    question: Question, agreement: Agreement, asked: Past, hidden: set[tuple[int, int]]
) -> int:
    """The number of the entry; the question stands in the database for those that follow."""
    payload = {
        "resource": question.resource, "consumer": question.consumer, "purpose": question.purpose,
        "basis": question.basis, "agreement": agreement.number, "case": question.case,
        "actor": question.actor, "by": list(question.by), "total": question.total,
        "where": {code: list(one) for code, one in asked.where.items()},
        "rounded": question.rounded, "withheld": len(hidden),
        "legal_time": legal_time.now().isoformat(),
    }  # fmt: skip
    entry = node_evidence.entry(across.COUNTED, payload, (), question.case)
    try:
        seq = int(node_evidence.write([entry])[0].seq)
    except EvidenceUnavailable as down:
        raise Unavailable("evidence cannot be written") from down
    said: dict[str, Any] = asked.plain() | {"hidden": sorted([i, j] for i, j in hidden)}
    today = legal_time.today()
    before = Counting.objects.filter(agreement=agreement.number, day=today)
    last = before.aggregate(last=Max("ordinal"))["last"] or 0
    try:
        Counting.objects.create(
            resource=question.resource, consumer=question.consumer, agreement=agreement.number,
            question=said, day=today, ordinal=last + 1, evidence=seq, at=legal_time.now(),
        )  # fmt: skip
    except IntegrityError:
        raise Unavailable("another table was asked for at the same moment") from None
    return seq
