"""A joint draft: one draft for each member matter, read, typed and submitted as one."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lingnan.kernel.content import files
from lingnan.kernel.exchange.api import introduce_all
from lingnan.kernel.matters import applications, competence, places, prefill
from lingnan.kernel.matters.definition import Material, matter_of
from lingnan.kernel.matters.joint.definition import (
    LifeEvent,
    Member,
    Question,
    find_event,
)
from lingnan.kernel.matters.models import Application, Attachment, JointApplication
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Actor, Body

MEMBERS = "members"


@dataclass
class Draft:
    """A joint application before it is submitted; `parts` are its chosen matters by code."""

    joint: JointApplication
    event: LifeEvent
    every: dict[str, Application]

    @property
    def parts(self) -> dict[str, Application]:
        return {code: part for code, part in self.every.items() if code in self.joint.chosen}

    @property
    def questions(self) -> dict[str, Question]:
        return self.event.questions([code for code in self.every if code in self.joint.chosen])

    def answer(self, question: Question) -> dict[str, Any]:
        found: dict[str, Any] = self.every[question.asked_in].answers.get(question.name, {})
        return found

    @property
    def divisions(self) -> str:
        return self.joint.division


def load(joint: JointApplication) -> Draft:
    rows = joint.applications.select_related("definition", "joint")
    found = {matter_of(row.definition).code: row for row in rows}
    # As each part was begun: what was published since asks other questions.
    begun = {code: (row.definition, matter_of(row.definition)) for code, row in found.items()}
    event = LifeEvent(joint.definition.content, begun)
    return Draft(joint, event, {code: found[code] for code in event.codes if code in found})


def begin(code: str, division: str, actor: Actor) -> JointApplication:
    """Start a joint draft in a county: every member's lawful reads, each by its own body.

    Raises LookupError for an unknown event, or a county where a body is missing. Must not be
    called inside a transaction: it reads over the exchange.
    """
    found = find_event(code)
    if found is None:
        raise LookupError(code)
    definition, event = found
    begun = JointApplication.objects.filter(
        account=actor.account, definition=definition, division=division, number=None
    )
    last = begun.order_by("-started_at").first()
    today = legal_time.today()
    if last and last.started_at.astimezone(legal_time.CHINA).date() == today:
        return last
    bodies = {member.code: body_for(member, division) for member in event.members}
    known_as = introduce_all(actor.subject, to=list(bodies.values()))
    made = [
        _part(member, bodies[member.code], known_as[bodies[member.code]], actor)
        for member in event.members
    ]
    _read(made, actor)
    with transaction.atomic():
        joint = JointApplication.objects.create(
            reference=uuid.uuid4().hex,
            account=actor.account,
            definition=definition,
            division=division,
            body=lead_of(event, division),
            chosen=event.codes,
            started_at=legal_time.now(),
        )
        for part in made:
            part.joint = joint
            part.save(force_insert=True)
        _settle(load(joint))
    return joint


def body_for(member: Member, division: str) -> str:
    """The body of a county that handles a member. Raises LookupError."""
    rows = competence.handling(member.matter).filter(division=division)
    code = rows.order_by("code").values_list("code", flat=True).first()
    if code is None:
        raise LookupError(f"{member.code} in {division}")
    return str(code)


def lead_of(event: LifeEvent, division: str) -> str:
    rows = Body.objects.filter(function=event.lead, division=division, ended=False)
    body = rows.order_by("code").values_list("code", flat=True).first()
    if body is None:
        raise LookupError(f"{event.lead} in {division}")
    return str(body)


def divisions_of(event: LifeEvent) -> list[Body]:
    """The lead's bodies in the places where every member has a body, by division."""
    kinds = {(m.matter.function, m.matter.tier): m.matter for m in event.members}
    places = [
        set(competence.handling(matter).values_list("division", flat=True))
        for matter in kinds.values()
    ]
    common = set.intersection(*places) if places else set()
    rows = Body.objects.filter(function=event.lead, ended=False).order_by("division")
    return [body for body in rows if body.division in common]


def _part(member: Member, body: str, subject: str, actor: Actor) -> Application:
    return Application(
        reference=uuid.uuid4().hex,
        account=actor.account,
        definition=member.definition,
        body=body,
        subject=subject,
        started_at=legal_time.now(),
    )


def _read(made: Sequence[Application], actor: Actor) -> None:
    """Every read of every part at once."""
    wanted = [
        prefill.readings(matter_of(p.definition), p.body, p.subject, p.reference) for p in made
    ]
    found = iter(prefill.read_all([one for rows in wanted for one in rows], actor))
    for part, rows in zip(made, wanted, strict=True):
        part.reads = [next(found) for _row in rows]


def _settle(draft: Draft) -> None:
    """Fill each part anew, with what it awaits of the chosen others, and carry what is typed."""
    rows = {row["matter"]: row.get("awaits", {}) for row in draft.event.content["members"]}
    for code, part in draft.parts.items():
        awaits = {r: maker for r, maker in rows[code].items() if maker in draft.parts}
        part.awaits = awaits
        part.answers = prefill.fill(matter_of(part.definition), part.reads, part.answers, awaits)
    _carry(draft)
    for part in draft.parts.values():
        part.save(update_fields=["awaits", "answers"])


def _carry(draft: Draft) -> None:
    """What is typed once is the answer of every part that asks it."""
    for name, question in draft.questions.items():
        said = draft.answer(question)
        for code in question.members:
            part = draft.every[code]
            known = part.answers.get(name, {})
            if code == question.asked_in or "value" not in said:
                continue
            if known.get("source") == "awaited":
                part.answers[name] = known | {"value": said["value"]}
            elif known.get("source", "typed") == "typed" and said.get("source") == "typed":
                part.answers[name] = {"value": said["value"], "source": "typed"}


def choose(draft: Draft, codes: Iterable[str]) -> Draft:
    """Which matters are asked for; at least one."""
    wanted = [code for code in draft.event.codes if code in set(codes)]
    if wanted:
        with transaction.atomic():
            draft.joint.chosen = wanted
            draft.joint.save(update_fields=["chosen"])
            for part in draft.parts.values():
                if any(a.get("source") == "awaited" for a in part.answers.values()):
                    part.answers = {
                        n: a for n, a in part.answers.items() if a.get("source") != "awaited"
                    }
            _settle(draft)
    return load(draft.joint)


def save(draft: Draft, raw: Mapping[str, str], actor: Actor) -> dict[str, str]:
    """Keep what was typed for every part. Returns errors by field. Not inside a transaction."""
    parts = list(draft.parts.values())
    picked = [places.chosen(part, raw, actor) for part in parts]
    errors: dict[str, str] = {}
    with transaction.atomic():
        for part, found in zip(parts, picked, strict=True):
            errors |= applications.enter(part, raw, found)
        _carry(draft)
        for part in parts:
            part.save(update_fields=["answers"])
    return errors


def dispute(draft: Draft, name: str) -> None:
    for part in draft.parts.values():
        applications.dispute(part, name)


def materials(draft: Draft) -> dict[str, tuple[Material, list[Application]]]:
    """Each material once, with the parts that need it, by code."""
    found: dict[str, tuple[Material, list[Application]]] = {}
    for part in draft.parts.values():
        for material in applications.materials(part):
            found.setdefault(material.code, (material, []))[1].append(part)
    return found


def attach(draft: Draft, code: str, upload: files.Upload) -> list[Attachment]:
    """Keep a material for every part that needs it. Raises FileRefused, LookupError."""
    needing = [
        part
        for part in draft.parts.values()
        if code in {m.code for m in matter_of(part.definition).materials}
    ]
    if not needing:
        raise LookupError(code)
    return [applications.attach(part, code, upload) for part in needing]


def faults(draft: Draft) -> dict[str, str]:
    """What still keeps the whole from being submitted, by field name."""
    errors: dict[str, str] = {}
    for part in draft.parts.values():
        errors |= applications.faults(part)
    missing = _without_record(draft)
    if missing:
        errors[MEMBERS] = missing
    return errors


def _without_record(draft: Draft) -> str:
    """A part whose necessary record does not exist, and nobody makes it."""
    for part in draft.parts.values():
        matter = matter_of(part.definition)
        states = {read["resource"]: read["state"] for read in part.reads}
        for row in matter.reads:
            lacking = row.get("necessary") and states.get(row["resource"]) == "absent"
            if lacking and row["resource"] not in part.awaits:
                return _(
                    "%(matter)s needs a record that does not exist yet: please add what makes it."
                ) % {"matter": matter.title}
    return ""


def lacking(draft: Draft) -> list[Material]:
    found = {m.code: m for part in draft.parts.values() for m in applications.lacking(part)}
    return list(found.values())


def counts(draft: Draft) -> tuple[int, int, int]:
    """(questions typed, fields of all forms together, forms)."""
    typed = sum(
        draft.answer(q).get("source", "typed") not in applications.FILLED
        for q in draft.questions.values()
    )
    total = sum(len(matter_of(p.definition).form.fields()) for p in draft.parts.values())
    return typed, total, len(draft.parts)


def codes_of(parts: Sequence[Application]) -> list[str]:
    return [matter_of(part.definition).code for part in parts]


def ready(draft: Draft) -> None:
    """Raises NotReady when something is missing."""
    errors = faults(draft) | {m.code: "lacking" for m in lacking(draft)}
    if errors:
        raise applications.NotReady(errors)
