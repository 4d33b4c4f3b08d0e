"""Place fields: the applicant picks a standard address, the register of addresses answers."""

from collections.abc import Mapping, Sequence
from typing import Any

from lingnan.kernel.exchange.api import ExchangeFailure, Use, give, resources, single
from lingnan.kernel.matters.definition import matter_of
from lingnan.kernel.matters.form import Field
from lingnan.kernel.matters.models import Application
from lingnan.kernel.trust.api import Actor

SUGGESTED = 8
CODE = "__code"  # the code of the chosen address is posted beside the words of a field
DIVISION = "place.division"


def suggestions(field: Field, words: str, division: str) -> Sequence[tuple[str, str]]:
    """(code, standard address) of what the words may mean in a county; shortest first.

    Nothing where this node has no register of addresses: the words then stand as typed.
    """
    resource = resources().get(field.resource)
    if resource is None or resource.suggest is None or len(words.strip()) < 2:
        return []
    return resource.suggest(words.strip()[:60], division, SUGGESTED)


def chosen(application: Application, raw: Mapping[str, str], actor: Actor) -> dict[str, Any]:
    """The answers of place fields whose address was picked in `raw`, by field name.

    Reads over the exchange, so it must not be called inside a transaction. The read joins
    `application.reads`.
    """
    found: dict[str, Any] = {}
    for field in matter_of(application.definition).form.fields():
        code = raw.get(field.name + CODE, "").strip()
        if field.type != "place" or not code:
            continue
        if application.answers.get(field.name, {}).get("place") == code:
            continue
        answer = _answer(application, field, code, actor)
        if answer is not None:
            found[field.name] = answer
    return found


def _answer(
    application: Application, field: Field, code: str, actor: Actor
) -> dict[str, Any] | None:
    resource = resources().get(field.resource)
    key = resource.find(code) if resource is not None and resource.find is not None else None
    if key is None:
        return None
    matter = matter_of(application.definition)
    read = next(row for row in matter.reads if row["resource"] == field.resource)
    name = give("place", application.body, [key])[key]
    use = Use(
        resource=field.resource,
        consumer=application.body,
        purpose=matter.code,
        basis=read["basis"],
        case=application.reference,
        actor=actor.signature,
        subjects=(name,),
        elements=tuple(read["elements"]),
        aim=matter.title,
    )
    try:
        answer = single(use)[0]
    except ExchangeFailure:
        return None
    if not answer.found:
        return None
    row = answer.rows[0]
    plain = {
        "resource": use.resource,
        "subject": name,
        "basis": use.basis,
        "elements": list(use.elements),
        "state": "found",
        "rows": [row],
        "evidence": answer.evidence,
        "as_of": answer.as_of,
    }
    kept = [r for r in application.reads if r["resource"] != use.resource]
    application.reads = [*kept, plain]
    return {
        "value": row["values"].get(field.element) or "",
        "source": "record",
        "place": code,
        "division": row["values"].get(DIVISION) or "",
        "resource": use.resource,
        "record": f"{row['record']}@{row['version']}",
        "as_of": row["as_of"],
        "read_on": answer.as_of[:10],
        "evidence": answer.evidence,
    }


def elsewhere(application: Application, division: str) -> list[str]:
    """Place fields whose address lies outside a division (a county, or an undivided city)."""
    return [
        field.name
        for field in matter_of(application.definition).form.fields()
        if field.type == "place" and _lies_outside(application.answers.get(field.name), division)
    ]


def _lies_outside(answer: Mapping[str, Any] | None, division: str) -> bool:
    place = str((answer or {}).get("division", ""))
    return bool(place) and place[:6] != division[:6]
