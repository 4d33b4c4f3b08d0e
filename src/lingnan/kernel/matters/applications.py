"""Drafts of residents: begun with the lawful reads, kept, and submitted once."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lingnan.kernel.content import files
from lingnan.kernel.exchange.api import introduce
from lingnan.kernel.matters import cases, competence, conditions, filing, places, prefill
from lingnan.kernel.matters.definition import Material, find, matter_of
from lingnan.kernel.matters.form import Field
from lingnan.kernel.matters.models import Application, Attachment, Case
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.runtime.models import Definition
from lingnan.kernel.trust.api import Actor, Body

# Answers that are not the applicant's to type.
FILLED = ("record", "awaited")
# A form that offers a promise says so, since an empty tick box sends nothing.
ASKED = "promises-asked"


class NotReady(Exception):
    """An application that cannot be submitted: errors by field or material."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


class Submitted(Exception):
    """The draft has become a case; what is sent for it now changes nothing."""


class RecordAbsent(Exception):
    """A read that the matter cannot do without found nothing."""

    def __init__(self, read: Mapping[str, Any]) -> None:
        super().__init__(read["resource"])
        self.read = read


def begin(code: str, body: str, actor: Actor, new: bool = False) -> Application:
    """Start a draft: introduce the applicant to the body and read what the law lets it read.

    Raises LookupError for an unknown matter or body, RecordAbsent where a necessary record
    does not exist. Must not be called inside a transaction: it reads over the exchange.
    With `new` no draft of the day is taken up again.
    """
    found = find(code)
    if found is None or not competence.handling(found[1]).filter(code=body).exists():
        raise LookupError(code)
    definition, matter = found
    begun = None if new else _begun_today(definition, body, actor)
    if begun is not None:
        return begun
    reference = uuid.uuid4().hex
    subject = introduce(actor.subject, to=body)
    reads = prefill.read_all(prefill.readings(matter, body, subject, reference), actor)
    states = {read["resource"]: read["state"] for read in reads}
    for declared in matter.reads:
        if declared.get("necessary") and states.get(declared["resource"]) == "absent":
            raise RecordAbsent(declared)
    return Application.objects.create(
        reference=reference,
        account=actor.account,
        definition=definition,
        body=body,
        subject=subject,
        answers=prefill.fill(matter, reads, {}),
        reads=reads,
        started_at=legal_time.now(),
    )


def _begun_today(definition: Definition, body: str, actor: Actor) -> Application | None:
    """A second click on “Begin” goes on with the draft of the same day; nothing is read twice."""
    drafts = Application.objects.filter(
        account=actor.account, definition=definition, body=body, case_number="", joint=None
    )
    last = drafts.order_by("-started_at").first()
    today = legal_time.today()
    if last is None or last.started_at.astimezone(legal_time.CHINA).date() != today:
        return None
    return last


def is_part(application: Application) -> bool:
    """Whether it is edited and filed with a joint application only, not by itself."""
    if application.joint is None or application.case_number:
        return False
    return application.joint.number is None or application.awaiting


@contextmanager
def _draft(application: Application) -> Iterator[None]:
    """The draft, locked and as it stands now. Raises Submitted once its case has begun."""
    with transaction.atomic():
        current = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
        number = current.case_number
        if current.awaiting and not number:
            raise Submitted("")
        if number and Case.objects.get(number=number).state != "correction":
            raise Submitted(number)
        application.answers, application.reads = current.answers, current.reads
        application.case_number = number
        yield


def save(application: Application, raw: Mapping[str, str], actor: Actor) -> dict[str, str]:
    """Keep what was typed, also where it is not yet right. Returns errors by field.

    A place that was picked is read over the exchange first: not inside a transaction.
    """
    return enter(application, raw, places.chosen(application, raw, actor))


def enter(
    application: Application, raw: Mapping[str, str], picked: Mapping[str, Any]
) -> dict[str, str]:
    """`save`, with the answers of the places that were picked."""
    reads = application.reads
    with _draft(application):
        if picked:
            application.reads = reads
        answers, errors = _answered(application, raw)
        application.answers = answers | dict(picked)
        application.promises = _promised(application, raw)
        application.save(update_fields=["answers", "reads", "promises"])
    return {name: error for name, error in errors.items() if name not in picked}


def _promised(application: Application, raw: Mapping[str, str]) -> list[str]:
    """The materials that the applicant will hand in later, as the form says it now."""
    may = {m.code for m in materials(application) if m.tolerance}
    kept = set(application.promises) if ASKED not in raw else set()
    return sorted(may & (kept | {code for code in may if raw.get(f"promise-{code}")}))


def _answered(
    application: Application, raw: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    errors: dict[str, str] = {}
    answers = dict(application.answers)
    for field in matter_of(application.definition).form.fields():
        known = answers.get(field.name, {})
        unticked = field.type == "checkbox" and field.name not in raw
        if _stands(field, known, raw) or (field.name not in raw and not unticked):
            continue
        source = known.get("source", "typed")
        if field.type == "place":
            known = {}  # other words mean another place than the one that was picked
        try:
            value: Any = field.clean(raw.get(field.name, ""))
        except ValueError as error:
            errors[field.name], value = str(error), _kept(raw.get(field.name, ""))
        answers[field.name] = known | {"value": value, "source": source}
    return answers, errors


def _stands(field: Field, known: Mapping[str, Any], raw: Mapping[str, str]) -> bool:
    """Whether a record answers; a place stands until other words are given."""
    if known.get("source") not in FILLED:
        return False
    return field.type != "place" or raw.get(field.name, known["value"]) == known["value"]


def _kept(text: str) -> str:
    """A wrong answer as it is shown again. PostgreSQL keeps no nought characters."""
    return text[:2000].replace("\x00", "\ufffd")


def choose(application: Application, resource: str, row: int) -> None:
    """Say which of several records is meant."""
    with _draft(application):
        reads = [dict(r) for r in application.reads]
        for read in reads:
            if read["resource"] == resource and 0 <= row < len(read["rows"]):
                read["chosen"] = row
        application.reads = reads
        application.answers = prefill.fill(
            matter_of(application.definition), reads, application.answers
        )
        application.save(update_fields=["reads", "answers"])


def dispute(application: Application, name: str) -> None:
    """The resident says that a record is wrong: the field opens, the record stays cited."""
    with _draft(application):
        answers = dict(application.answers)
        known = answers.get(name)
        if known and known.get("place"):
            answers[name] = {"value": known["value"], "source": "typed"}
            application.answers = answers
            application.save(update_fields=["answers"])
        elif known and known["source"] == "record":
            answers[name] = known | {"source": "disputed", "record_says": known["value"]}
            application.answers = answers
            application.save(update_fields=["answers"])


def attach(application: Application, material: str, upload: files.Upload) -> Attachment:
    """Keep a material. Raises FileRefused, LookupError for an unknown material."""
    matter = matter_of(application.definition)
    if material not in {m.code for m in matter.materials}:
        raise LookupError(material)
    stored = files.keep_upload(upload)
    with _draft(application):
        Attachment.objects.filter(application=application, material=material).delete()
        return Attachment.objects.create(
            application=application,
            material=material,
            name=upload.name[-120:],
            sha256=stored.sha256,
            size=stored.size,
        )


def facts(application: Application) -> dict[str, Any]:
    """What conditions may ask about: the answers by field name."""
    return {name: answer["value"] for name, answer in application.answers.items()}


def materials(application: Application) -> list[Material]:
    """The materials that this application needs, as its answers stand."""
    known = facts(application)
    return [
        material
        for material in matter_of(application.definition).materials
        if not material.when or conditions.holds(material.when, known)
    ]


def faults(application: Application) -> dict[str, str]:
    """What still keeps an application from being submitted, by field name."""
    matter = matter_of(application.definition)
    errors: dict[str, str] = {}
    for field in matter.form.fields():
        answer = application.answers.get(field.name, {})
        if answer.get("source") in FILLED:
            continue
        try:
            field.clean(str(answer.get("value", "")))
        except ValueError as error:
            errors[field.name] = str(error)
    division = Body.objects.get(code=application.body).division
    for name in places.elsewhere(application, division):
        errors[name] = _("This address lies in the area of another body: please choose again.")
    return errors


def lacking(application: Application) -> list[Material]:
    """Necessary materials that are not there yet."""
    kept = set(application.attachments.values_list("material", flat=True))
    kept |= set(application.promises)
    return [m for m in materials(application) if m.required and m.code not in kept]


def unchanged(application: Application, case: Case) -> bool:
    """Whether a correction would file the same once more."""
    rows = application.attachments.values_list("material", "sha256")
    filed = {(row["material"], row["sha256"]) for row in filing.filed_materials(case)}
    return application.answers == case.declared and set(rows) == filed


def submit(application: Application, actor: Actor) -> Case:
    """Submit once; a second click or tab gets the same case. Raises NotReady."""
    with transaction.atomic():
        current = _ready(application)
        if current.case_number:
            return Case.objects.get(number=current.case_number)
        case = cases.receive(current, actor)
        current.case_number, current.awaiting = case.number, bool(current.awaits)
        current.save(update_fields=["case_number", "awaiting"])
        return case


def resubmit(application: Application, actor: Actor) -> Case:
    """File the correction that was asked for. Raises NotReady, OutOfOrder."""
    with transaction.atomic():
        current = _ready(application, again=True)
        return cases.corrected(current.case_number, actor)


def _ready(application: Application, again: bool = False) -> Application:
    """The application, locked and complete (or submitted already)."""
    rows = Application.objects.select_for_update(of=("self",)).select_related("definition")
    current = rows.get(pk=application.pk)
    if current.case_number and not again:
        return current
    errors = faults(current) | {m.code: "lacking" for m in lacking(current)}
    if errors:
        raise NotReady(errors)
    return current
