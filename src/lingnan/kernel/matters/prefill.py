"""Filling a form from records: one lawful read per resource, each in the evidence first."""

from collections.abc import Mapping
from typing import Any

from lingnan.kernel.exchange.api import ExchangeFailure, Use, single
from lingnan.kernel.matters.definition import Matter
from lingnan.kernel.trust.api import Actor


def read_all(
    matter: Matter, body: str, subject: str, reference: str, actor: Actor
) -> list[dict[str, Any]]:
    """One plain row per read of the matter: what was answered, or how it failed."""
    return [_read(matter, row, body, subject, reference, actor) for row in matter.reads]


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


def fill(matter: Matter, reads: list[dict[str, Any]], answers: dict[str, Any]) -> dict[str, Any]:
    """The answers with every bound field filled from its read.

    An answer is {"value", "source"}: source is record, typed, disputed or fallback (the
    holder did not answer). What the applicant typed or disputes is left as it is. Where a
    read gave several rows, its "chosen" names the one that the applicant means.
    """
    rows = {read["resource"]: read for read in reads}
    filled = dict(answers)
    for field in matter.form.fields():
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
    """(fields filled from records, fields typed) of an application's form."""
    sources = [answers.get(f.name, {}).get("source", "typed") for f in matter.form.fields()]
    filled = sum(source == "record" for source in sources)
    return filled, len(sources) - filled
