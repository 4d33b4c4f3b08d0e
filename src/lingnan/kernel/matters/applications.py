"""Drafts of residents: begun with the lawful reads, kept, and submitted once."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from lingnan.kernel.content import files
from lingnan.kernel.exchange.api import introduce
from lingnan.kernel.matters import cases, conditions, prefill
from lingnan.kernel.matters.definition import Material, Matter, find, matter_of
from lingnan.kernel.matters.models import Application, Attachment, Case
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.runtime.models import Definition
from lingnan.kernel.trust.api import Actor, Body


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


def bodies(matter: Matter) -> list[Body]:
    """The bodies that handle a matter, by name of division."""
    rows = Body.objects.filter(function=matter.function, tier=matter.tier, ended=False)
    return list(rows.order_by("division"))


def begin(code: str, body: str, actor: Actor) -> Application:
    """Start a draft: introduce the applicant to the body and read what the law lets it read.

    Raises LookupError for an unknown matter or body, RecordAbsent where a necessary record
    does not exist. Must not be called inside a transaction: it reads over the exchange.
    """
    found = find(code)
    if found is None or body not in {b.code for b in bodies(found[1])}:
        raise LookupError(code)
    definition, matter = found
    begun = _begun_today(definition, body, actor)
    if begun is not None:
        return begun
    reference = uuid.uuid4().hex
    subject = introduce(actor.subject, to=body)
    reads = prefill.read_all(matter, body, subject, reference, actor)
    for declared, read in zip(matter.reads, reads, strict=True):
        if declared.get("necessary") and read["state"] == "absent":
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
        account=actor.account, definition=definition, body=body, case_number=""
    )
    last = drafts.order_by("-started_at").first()
    today = legal_time.today()
    if last is None or last.started_at.astimezone(legal_time.CHINA).date() != today:
        return None
    return last


@contextmanager
def _draft(application: Application) -> Iterator[None]:
    """The draft, locked and as it stands now. Raises Submitted once its case has begun."""
    with transaction.atomic():
        current = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
        number = current.case_number
        if number and Case.objects.get(number=number).state != "correction":
            raise Submitted(number)
        application.answers, application.reads = current.answers, current.reads
        application.case_number = number
        yield


def save(application: Application, raw: Mapping[str, str]) -> dict[str, str]:
    """Keep what was typed, also where it is not yet right. Returns errors by field."""
    with _draft(application):
        answers, errors = _answered(application, raw)
        application.answers = answers
        application.save(update_fields=["answers"])
    return errors


def _answered(
    application: Application, raw: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    errors: dict[str, str] = {}
    answers = dict(application.answers)
    for field in matter_of(application.definition).form.fields():
        known = answers.get(field.name, {})
        unticked = field.type == "checkbox" and field.name not in raw
        if known.get("source") == "record" or (field.name not in raw and not unticked):
            continue
        source = known.get("source", "typed")
        try:
            value: Any = field.clean(raw.get(field.name, ""))
        except ValueError as error:
            errors[field.name], value = str(error), _kept(raw.get(field.name, ""))
        answers[field.name] = known | {"value": value, "source": source}
    return answers, errors


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
        if known and known["source"] == "record":
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
        if answer.get("source") == "record":
            continue
        try:
            field.clean(str(answer.get("value", "")))
        except ValueError as error:
            errors[field.name] = str(error)
    return errors


def lacking(application: Application) -> list[Material]:
    """Necessary materials that are not there yet."""
    kept = set(application.attachments.values_list("material", flat=True))
    return [m for m in materials(application) if m.required and m.code not in kept]


def unchanged(application: Application, case: Case) -> bool:
    """Whether a correction would file the same once more."""
    rows = application.attachments.values_list("material", "sha256")
    filed = {(row["material"], row["sha256"]) for row in cases.filed_materials(case)}
    return application.answers == case.declared and set(rows) == filed


def submit(application: Application, actor: Actor) -> Case:
    """Submit once; a second click or tab gets the same case. Raises NotReady."""
    with transaction.atomic():
        current = _ready(application)
        if current.case_number:
            return Case.objects.get(number=current.case_number)
        case = cases.receive(current, actor)
        current.case_number = case.number
        current.save(update_fields=["case_number"])
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
