"""A body says that what a case of its was answered is wrong: a doubt at the holder's registry."""

from dataclasses import dataclass
from typing import Any

from lingnan.kernel.exchange.api import Resource, give, resources
from lingnan.kernel.matters.api import Case, find
from lingnan.kernel.registry.api import Record, raising
from lingnan.kernel.runtime.api import Title, legal_time
from lingnan.kernel.trust.api import Actor, node_evidence
from lingnan.systems.government.resource_exchange.corrections.models import Correction

HANDLERS = ("clerk", "reviewer", "inspector", "head")


class NotPossible(Exception):
    """`why`: computed (no record says it), changed (the record says otherwise by now), raised
    (there is a doubt about it already), elsewhere (another node holds it)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Answered:
    """A question of a case that a record answered."""

    field: str
    title: Title
    resource: str
    element: str
    value: Any
    reading: int


def answered(case: Case) -> list[Answered]:
    """The questions of a case that records of other bodies answered, in the form's order."""
    found = find(case.matter)
    fields = found[1].form.fields() if found else []
    rows = []
    for field in fields:
        answer = case.declared.get(field.name, {})
        if answer.get("source") == "record" and answer.get("evidence"):
            rows.append(
                Answered(
                    field.name, field.title, answer["resource"], field.element, answer["value"],
                    int(answer["evidence"]),
                )
            )  # fmt: skip
    return rows


def case_of(who: Actor, number: str) -> Case | None:
    """A case of the official's own body, for those who handle it."""
    if who.role not in HANDLERS:
        return None
    return Case.objects.filter(number=number, body=who.body).first()


def doubt(who: Actor, case: Case, one: Answered, said: str, right: str) -> Correction:
    """Raise it. Raises NotPossible, raising.DoubtRefused, EvidenceUnavailable."""
    model, record = _record(one)
    raised = {known.element for known in raising.about(model, [record.key])}
    if one.element in raised:
        raise NotPossible("raised")
    evidence = f"办件 {case.number}，交换记录 {one.reading}"
    made = raising.raise_doubt(who, model, record, one.element, said, right, evidence)
    return Correction.objects.create(
        doubt=raising.reference(made), case=case.number, resource=one.resource,
        element=one.element, reading=one.reading, body=who.body, account=who.account,
        by=who.signature[:200], at=legal_time.now(),
    )  # fmt: skip


def _record(one: Answered) -> tuple[type[Record], Any]:
    """The record that said it, by whom the evidence says the use was about."""
    resource = resources().get(one.resource)
    if resource is None:
        raise NotPossible("elsewhere")
    for subject in node_evidence.reader().subjects(one.reading):
        for model, record in records_of(resource, subject.key):
            if one.element not in model.record.elements:
                continue
            value = getattr(record, model.record.elements[one.element])
            if _plain(value) == one.value:
                return model, record
        if declares(resource):
            raise NotPossible("changed")
    raise NotPossible("computed")


def declares(resource: Resource) -> tuple[type[Record], str] | None:
    """The register that a resource answers from and the field of whom it is about, where it
    answers with records as they are; None where its answer is computed."""
    model, subject = (
        getattr(resource.answer, "model", None),
        getattr(resource.answer, "subject", None),
    )
    return (model, subject) if model is not None and subject else None


def records_of(resource: Resource, key: int) -> list[tuple[type[Record], Any]]:
    """The records that a resource answers with of a subject, newest first."""
    found = declares(resource)
    if found is None:
        return []
    model, field = found
    name: Any = key
    if field != "key":
        name = give(resource.subject, resource.system, [key])[key]
    rows = model.objects.filter(**{field: name}, ended=False).order_by("-valid_from", "-key")
    return [(model, row) for row in rows]


def _plain(value: Any) -> Any:
    plain = value.isoformat() if hasattr(value, "isoformat") else value
    return "" if plain is None else plain


def of_body(body: str, most: int) -> list[tuple[Correction, Any]]:
    """The newest of a body, each with its doubt."""
    rows = Correction.objects.filter(body=body).order_by("-id")[:most]
    return [(row, raising.found(row.doubt)) for row in rows]


def title_of(one: Correction) -> str:
    """What the doubted element is called."""
    resource = resources().get(one.resource)
    if resource is not None and one.element in resource.elements:
        return str(resource.elements[one.element])
    return one.element
