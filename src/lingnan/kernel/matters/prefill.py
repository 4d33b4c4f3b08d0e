"""Filling a form from records: one lawful read per resource, each in the evidence first."""

from collections.abc import Container, Mapping
from typing import Any

from lingnan.kernel.exchange.api import ExchangeFailure, Use, single
from lingnan.kernel.matters.definition import Matter
from lingnan.kernel.trust.api import Actor


def read_all(
    matter: Matter, body: str, subject: str, reference: str, actor: Actor
) -> list[dict[str, Any]]:
    """One plain row per read about the applicant: what was answered, or how it failed.

    A read about a place is made when the applicant picks the place (`places`).
    """
    later = resources_of_places(matter)
    rows = [row for row in matter.reads if row["resource"] not in later]
    return [_read(matter, row, body, subject, reference, actor) for row in rows]


def resources_of_places(matter: Matter) -> set[str]:
    return {field.resource for field in matter.form.fields() if field.type == "place"}


def read_one(
    matter: Matter, resource: str, body: str, subject: str, reference: str, actor: Actor
) -> dict[str, Any]:
    """One read of the matter, made again later. Not inside a transaction."""
    row = next(row for row in matter.reads if row["resource"] == resource)
    return _read(matter, row, body, subject, reference, actor)


def _read(
    matter: Matter,
    row: Mapping[str, Any],
    body: str,
    subject: str,
    reference: str,
    actor: Actor,
) -> dict[str, Any]:
    use = Use(
        resource=row["resource"],
        consumer=body,
        purpose=matter.code,
        basis=row["basis"],
        case=reference,
        actor=actor.signature,
        subjects=(subject,),
        elements=tuple(row["elements"]),
    )
    plain = {"resource": use.resource, "basis": use.basis, "elements": list(use.elements)}
    try:
        answer = single(use)[0]
    except ExchangeFailure as failure:
        return plain | {"state": failure.code, "rows": [], "evidence": None, "as_of": ""}
    return plain | {
        "state": "found" if answer.found else "absent",
        "rows": list(answer.rows),
        "evidence": answer.evidence,
        "as_of": answer.as_of,
    }


def fill(
    matter: Matter,
    reads: list[dict[str, Any]],
    answers: dict[str, Any],
    awaits: Container[str] = (),
) -> dict[str, Any]:
    """The answers with every bound field filled from its read.

    An answer is {"value", "source"}: source is record, typed, disputed, fallback (the holder
    did not answer) or awaited (its resource is in `awaits`: the record is still to be made).
    What the applicant typed or disputes is left as it is. Where a read gave several rows, its
    "chosen" names the one that the applicant means.
    """
    rows = {read["resource"]: read for read in reads}
    filled = dict(answers)
    for field in matter.form.fields():
        if field.type == "place":
            filled.setdefault(field.name, {"value": "", "source": "typed"})
            continue
        if field.bound and field.resource in awaits:
            known = filled.get(field.name, {}).get("value", "")
            filled[field.name] = {"value": known, "source": "awaited"}
            continue
        if not field.bound or filled.get(field.name, {}).get("source") in ("typed", "disputed"):
            continue
        read = rows.get(field.resource)
        found = read["rows"] if read else []
        if found:
            row = found[min(int(read.get("chosen", 0)), len(found) - 1)] if read else found[0]
            filled[field.name] = {
                "value": _plain(row["values"].get(field.element)),
                "source": "record",
                "resource": field.resource,
                "record": f"{row['record']}@{row['version']}",
                "as_of": row["as_of"],
                "read_on": read["as_of"][:10] if read else "",
                "evidence": read["evidence"] if read else None,
            }
        else:
            filled.setdefault(field.name, {"value": "", "source": "fallback"})
    return filled


def _plain(value: Any) -> Any:
    return "" if value is None else value


def counts(answers: Mapping[str, Mapping[str, Any]], matter: Matter) -> tuple[int, int]:
    """(fields filled from records, fields typed) of an application's form.

    What a record will answer, once another matter of the same application has made it, is
    not typed either.
    """
    sources = [answers.get(f.name, {}).get("source", "typed") for f in matter.form.fields()]
    filled = sum(source in ("record", "awaited") for source in sources)
    return filled, len(sources) - filled
