"""A table is chosen, described, and published when a second person of the body agrees.

Two people, as elsewhere in the house: a data officer sends it, the body's head or another data
officer agrees. Before either, the table is looked at: it has to be as it was chosen, an index has
to lead to its rows, and a table about people or organisations needs the agreement by which the
body may read their numbers where they are held.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import transaction

from lingnan.kernel.duty.api import tasks
from lingnan.kernel.exchange.api import Denied, declared, forget, sources
from lingnan.kernel.registry.api import elements
from lingnan.kernel.runtime.api import Title, action, keys
from lingnan.kernel.trust.api import Actor, Holding
from lingnan.standards import resource_code
from lingnan.systems.government.resource_exchange import entries
from lingnan.systems.government.resource_exchange.models import Entry
from lingnan.systems.government.resource_exchange.sources import catalogued
from lingnan.systems.government.resource_exchange.sources.connecting import connection, witness
from lingnan.systems.government.resource_exchange.sources.models import (
    ANSWERS,
    DRAFT,
    PUBLISHED,
    RETRACTED,
    WAITS,
    Publication,
    Source,
)

OFFICER, HEAD = "data_officer", "head"
SUBJECTS, SHARING = ("person", "organisation", "thing"), ("unconditional", "conditional")
MOST_COLUMNS, LEAST, MOST = 40, 5, 200
NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")
TAKEN = ("limit", "after", "elements")
"""Words of the service's address: no column is asked by one of these."""
TASK, AGREE = "source.publish", Title("核准发布数据表", "Agree to publish a table")


class NotPossible(ValueError):
    """What cannot be published so: `field` says what of it; `detail` more where there is more."""

    def __init__(self, field: str, detail: str = "") -> None:
        super().__init__(field)
        self.field, self.detail = field, detail


@dataclass(frozen=True)
class Chosen:
    """What of a table."""

    table: str
    columns: tuple[str, ...]
    asked_by: str
    subject: str


@dataclass(frozen=True)
class Said:
    """What is told of it: `columns` as in `Publication`."""

    subsystem: str
    name: str
    title: Title
    columns: Sequence[Mapping[str, Any]]
    sharing: str
    condition: Title
    basis: str
    category: str
    cycle: str


def choose(source: Source, chosen: Chosen, who: Actor) -> Publication:
    """A draft. Raises NotPossible, SourceFailure."""
    to = connection(source)
    table = sources.table(to, chosen.table)
    able = {one.name for one in table.columns if one.kind != "other"}
    if not chosen.columns or len(chosen.columns) > MOST_COLUMNS or not able >= {*chosen.columns}:
        raise NotPossible("columns")
    if chosen.subject not in SUBJECTS:
        raise NotPossible("subject")
    if chosen.asked_by not in table.ways() or chosen.asked_by in TAKEN:
        raise NotPossible("asked_by")
    sources.demand_index(to, table, chosen.asked_by)
    comments = {one.name: one.comment for one in table.columns}
    columns = [
        {"column": name, "element": "", "zh": comments[name][:60], "en": "", "sensitive": False}
        for name in chosen.columns
    ]
    key = keys.new_key()
    number = f"FB-{keys.veil(key, 'exchange.publication')[:12].upper()}"
    with action(by=who.signature, reason=f"table {number} chosen") as act:
        return act.create(
            Publication, key=key, number=number, body=who.body, function=who.function,
            source=source.number, table=table.name, columns=columns, asked_by=chosen.asked_by,
            subject=chosen.subject, kept=sources.kept(table, chosen.columns, chosen.asked_by),
        )  # fmt: skip


def send(one: Publication, said: Said, who: Actor) -> Publication:
    """Describe a draft and send it to the second person. Raises NotPossible, SourceFailure,
    EvidenceUnavailable, Conflict."""
    if one.state != DRAFT or who.body != one.body or who.role != OFFICER:
        raise NotPossible("state")
    if not _second_role(one.body, who.account):
        raise NotPossible("nobody")
    code = _possible(one, said)
    _ready(one)
    witness("source.sent", one.number, who, {"resource": code})
    with transaction.atomic(), action(by=who.signature, reason=f"{one.number} described") as act:
        role = _second_role(one.body, who.account)
        tasks.open_task(one.number, TASK, AGREE, said.title.zh, one.body, role, link(one))
        return act.change(
            one, code=code, columns=list(said.columns), title_zh=said.title.zh,
            title_en=said.title.en, sharing=said.sharing, condition_zh=said.condition.zh,
            condition_en=said.condition.en, basis=said.basis, category=said.category,
            cycle=said.cycle, state=WAITS, why="", account=who.account,
            proposed_by=who.signature[:200], decided_by="",
        )  # fmt: skip


def link(one: Publication) -> str:
    return f"/desk/sources/tables/{one.number}/"


def _second_role(body: str, account: int) -> str:
    """The post of a body whose holder may agree to what an account sends: the head, where there
    is one; "" where nobody may."""
    held = Holding.objects.filter(body=body, role__in=(HEAD, OFFICER), ended=False)
    roles = set(held.exclude(account=account).values_list("role", flat=True))
    return next((role for role in (HEAD, OFFICER) if role in roles), "")


def may_decide(who: Actor, one: Publication) -> bool:
    """Somebody else of the body than who sent it, and not for them under a lent post."""
    second = who.role in (HEAD, OFFICER) and who.body == one.body
    return second and one.state == WAITS and one.account not in (who.account, who.lent_by)


def agree(one: Publication, who: Actor) -> Publication:
    """Publish: from now on it is in the catalogue. Raises NotPossible, SourceFailure, Conflict,
    EvidenceUnavailable."""
    if not may_decide(who, one):
        raise NotPossible("state")
    _free(one.code.partition(".")[0], one.code, one)
    _ready(one)
    witness("source.published", one.number, who, {"resource": one.code})
    with transaction.atomic(), action(by=who.signature, reason=f"{one.code} published") as act:
        tasks.withdraw(one.number, who.signature, [TASK])
        made = act.change(one, state=PUBLISHED, why="", decided_by=who.signature[:200])
    _others()
    return made


def refuse(one: Publication, who: Actor, why: str) -> Publication:
    """Back to who sent it, as a draft. Raises NotPossible, Conflict, EvidenceUnavailable."""
    if not may_decide(who, one):
        raise NotPossible("state")
    demand_words("why", why)
    witness("source.refused", one.number, who, {"resource": one.code, "why": why})
    with transaction.atomic(), action(by=who.signature, reason=f"{one.number} refused") as act:
        tasks.withdraw(one.number, who.signature, [TASK])
        return act.change(one, state=DRAFT, why=why, decided_by=who.signature[:200])


def retract(one: Publication, who: Actor, why: str) -> Publication:
    """It answers no more, or is not sent on; nobody needs to agree to that. Raises NotPossible,
    Conflict, EvidenceUnavailable."""
    if who.role != OFFICER or who.body != one.body or one.state == RETRACTED:
        raise NotPossible("state")
    demand_words("why", why)
    witness("source.retracted", one.number, who, {"resource": one.code, "why": why})
    with transaction.atomic(), action(by=who.signature, reason=f"{one.number} retracted") as act:
        tasks.withdraw(one.number, who.signature, [TASK])
        made = act.change(one, state=RETRACTED, why=why, decided_by=who.signature[:200])
    _others()
    return made


def _others() -> None:
    """The catalogue follows at once."""
    forget()
    entries.keep()


def demand_words(field: str, text: str) -> None:
    if not LEAST <= len(text) <= MOST or "\x00" in text:
        raise NotPossible(field)


def _ready(one: Publication) -> None:
    """That it would answer now. Raises NotPossible("leave"), SourceFailure."""
    if one.subject in sources.NUMBERS:
        try:
            sources.leave(one.body, one.subject)
        except Denied as failure:
            raise NotPossible("leave", sources.home(one.subject)[0].code) from failure
    sources.looked_at_anew(catalogued.lookup(one))


def _possible(one: Publication, said: Said) -> str:
    """The code that it will have. Raises NotPossible."""
    if not NAME.fullmatch(said.subsystem):
        raise NotPossible("subsystem")
    if not NAME.fullmatch(said.name):
        raise NotPossible("name")
    code = f"{said.subsystem}.{said.name}"
    _free(said.subsystem, code, one)
    for field, text in (
        ("title_zh", said.title.zh), ("title_en", said.title.en),
        ("condition_zh", said.condition.zh), ("condition_en", said.condition.en),
    ):  # fmt: skip
        if not 2 <= len(text) <= 100 or "\x00" in text:
            raise NotPossible(field)
    demand_words("basis", said.basis)
    if said.sharing not in SHARING:
        raise NotPossible("sharing")
    if said.cycle not in dict(Entry.CYCLES):
        raise NotPossible("cycle")
    try:
        resource_code.category(said.category)
    except resource_code.NotACode:
        raise NotPossible("category") from None
    _possible_columns(one, said)
    return code


def _possible_columns(one: Publication, said: Said) -> None:
    names = [row["column"] for row in said.columns]
    if names != [row["column"] for row in one.columns]:
        raise NotPossible("columns")
    codes = [row["element"] for row in said.columns]
    own = re.compile(rf"{said.subsystem}\.[a-z0-9_]{{1,60}}")
    known = known_elements()
    for number, row in enumerate(said.columns):
        if row["element"] not in known and not own.fullmatch(row["element"]):
            raise NotPossible(f"element-{number}")
        if codes.count(row["element"]) > 1:
            raise NotPossible(f"element-{number}", "twice")
        for language in ("zh", "en"):
            if not 1 <= len(row[language]) <= 60 or "\x00" in row[language]:
                raise NotPossible(f"{language}-{number}")


def known_elements() -> dict[str, Title]:
    """Every element that a register holds or a system shares, with its names."""
    found = {code: title for one in declared().values() for code, title in one.elements.items()}
    for code, (model, field) in elements().items():
        if code not in found:
            held: Any = model._meta.get_field(field)
            name = str(held.verbose_name)
            found[code] = Title(name, name)
    return found


def _free(subsystem: str, code: str, one: Publication) -> None:
    """A subsystem is one body's, and no system's of the node; a code is one table's."""
    labels = {config.label for config in apps.get_app_configs()}
    others = Publication.objects.filter(code__startswith=f"{subsystem}.").exclude(body=one.body)
    if subsystem in labels or others.exists():
        raise NotPossible("subsystem", "taken")
    same = Publication.objects.filter(code=code, state__in=(*ANSWERS, WAITS), ended=False)
    if same.exclude(key=one.key).exists():
        raise NotPossible("name", "taken")
