"""Filling a form from records: one lawful read per resource, each in the evidence first."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lingnan.kernel.exchange.api import Answer, ExchangeFailure, Use, several
from lingnan.kernel.matters.definition import Matter
from lingnan.kernel.trust.api import Actor


@dataclass(frozen=True)
class Reading:
    """A read that is to be made: of a matter's row, by a body, about a subject."""

    matter: Matter
    row: Mapping[str, Any]
    body: str
    subject: str
    reference: str


def readings(matter: Matter, body: str, subject: str, reference: str) -> list[Reading]:
    """The reads about the applicant.

    A read about a place is made when the applicant picks the place (`places`).
    """
    later = resources_of_places(matter)
    rows = [row for row in matter.reads if row["resource"] not in later]
    return [Reading(matter, row, body, subject, reference) for row in rows]


def read_all(wanted: Sequence[Reading], actor: Actor) -> list[dict[str, Any]]:
    """One plain row per read: what was answered, or how it failed. Not inside a transaction."""
    uses = [_use(reading, actor) for reading in wanted]
    return [_plain_read(use, found) for use, found in zip(uses, several(uses), strict=True)]


def resources_of_places(matter: Matter) -> set[str]:
    return {field.resource for field in matter.form.fields() if field.type == "place"}


def read_one(
    matter: Matter, resource: str, body: str, subject: str, reference: str, actor: Actor
) -> dict[str, Any]:
    """One read of the matter, made again later. Not inside a transaction."""
    row = next(row for row in matter.reads if row["resource"] == resource)
    return read_all([Reading(matter, row, body, subject, reference)], actor)[0]


def _use(reading: Reading, actor: Actor) -> Use:
    return Use(
        resource=reading.row["resource"],
        consumer=reading.body,
        purpose=reading.matter.code,
        basis=reading.row["basis"],
        case=reading.reference,
        actor=actor.signature,
        subjects=(reading.subject,),
        elements=tuple(reading.row["elements"]),
        aim=reading.matter.title,
    )


def _plain_read(use: Use, found: list[Answer] | ExchangeFailure) -> dict[str, Any]:
    plain = {"resource": use.resource, "basis": use.basis, "elements": list(use.elements)}
    if isinstance(found, ExchangeFailure):
        return plain | {"state": found.code, "rows": [], "evidence": None, "as_of": ""}
    answer = found[0]
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
        elif read is not None and read["state"] == "absent":
            # There is no record: nothing to verify, the applicant simply says it.
            filled.setdefault(field.name, {"value": "", "source": "typed", "absent": True})
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
