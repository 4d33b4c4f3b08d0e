"""Whom somebody stands for: the organisations on record as theirs, and officials as residents."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from lingnan.kernel.exchange import pseudonyms
from lingnan.kernel.exchange.answers import FromRecords
from lingnan.kernel.exchange.catalogue import offering, resources
from lingnan.kernel.exchange.introductions import TRUST
from lingnan.kernel.trust.api import Account, Actor

BIRTHDAY, HOUSEHOLD = "person.birth_date", "person.household"


@dataclass(frozen=True)
class Organisation:
    """`code` and `name` as the register has them; `subject` is what trust calls it."""

    code: str
    name: str
    subject: str


def organisations_of(who: Actor) -> list[Organisation]:
    """The organisations that a resident answers for; of whoever acts for a firm that firm alone."""
    if who.acting is not None:
        one = who.acting
        # A firm is represented by a power of its own, never by one of the person behind it.
        return [Organisation(one.code, one.name, one.principal)] if one.code else []
    return answered_for(who.subject)


def answered_for(subject: str) -> list[Organisation]:
    """The organisations that a person, by what trust calls them, answers for.

    By the registers that share organisations by the person who answers for them. Nothing is told
    to any body, so it is no use of the exchange: people see what stands on record as their own.
    """
    found: dict[int, tuple[str, str]] = {}
    if not subject:  # an account of somebody whom no register knows
        return []
    for system, declared, field in _registers_of_firms():
        name = pseudonyms.translate("person", TRUST, system, [subject])[subject]
        rows = declared.objects.filter(**{field: name}, ended=False).order_by("key")
        named = next(code for code in declared.record.elements if code.endswith(".name"))
        label, code = declared.record.elements[named], declared.record.identifier
        found |= {row.key: (getattr(row, code), getattr(row, label)) for row in rows}
    given = pseudonyms.give("organisation", TRUST, found)
    return [Organisation(code, name, given[key]) for key, (code, name) in found.items()]


def _registers_of_firms() -> Iterator[tuple[str, Any, str]]:
    """(system, record type, its field for who answers) where organisations are shared so."""
    for resource in resources().values():
        answer = resource.answer
        if resource.subject == "person" and isinstance(answer, FromRecords):
            declared: Any = answer.model
            if declared.record.subject == "organisation":
                yield resource.system, declared, answer.subject


def officials_on_record() -> dict[int, list[int]]:
    """Person's key → accounts of officials who said which resident they are.

    For supervision alone: that an official looks at the own record, or a colleague's.
    """
    rows = Account.objects.filter(kind="official").exclude(subject="")
    accounts: dict[str, list[int]] = {}
    for subject, key in rows.values_list("subject", "key"):
        accounts.setdefault(subject, []).append(key)
    keys = pseudonyms.resolve("person", TRUST, list(accounts))
    return {keys[subject]: held for subject, held in accounts.items()}


@dataclass(frozen=True)
class Living:
    """Of which household somebody is: a mark that says no more than whether two are of one.

    `family`: people who live together as a family; not a collective household of many.
    """

    household: str
    family: bool


def households_on_record(people: Iterable[int]) -> dict[int, Living]:
    """Person's key → household, for supervision alone: that an official looks at the own one.

    The number of a household is told to nobody: its mark stands for it.
    """
    offered, asked = offering(HOUSEHOLD), sorted(set(people))
    if offered is None or not offered.keyed or not asked:
        return {}
    found = {}
    for key, rows in offered.answer(asked).items():
        said = rows[0]["values"] if rows else {}
        if said.get(HOUSEHOLD):
            mark = pseudonyms.mark(HOUSEHOLD, str(said[HOUSEHOLD]))
            found[key] = Living(mark, said.get(f"{HOUSEHOLD}_kind") == "family")
    return found


def subject_key(name: str, source: str, kind: str = "person") -> int:
    """The key of whom a member knows by a name, for supervision alone. Raises UnknownSubject."""
    return pseudonyms.resolve(kind, source, [name])[name]


def accounts_of(subject: str, kind: str) -> list[int]:
    """The accounts of somebody whom trust knows as `subject`; of an organisation, of who
    answers for it by the registers. For messages alone."""
    people = [subject]
    if kind == "organisation":
        try:
            people = _answering(pseudonyms.resolve(kind, TRUST, [subject])[subject])
        except pseudonyms.UnknownSubject:
            return []
    rows = Account.objects.filter(kind="resident", is_active=True, subject__in=people)
    return list(rows.order_by("key").values_list("key", flat=True))


def accounts_answering(code: str) -> list[int]:
    """The accounts of those who answer for the organisation of a code. For messages alone."""
    found: set[int] = set()
    for _system, declared, _field in _registers_of_firms():
        rows = declared.objects.filter(**{declared.record.identifier: code}, ended=False)
        found |= set(rows.values_list("key", flat=True))
    people = [name for key in found for name in _answering(key)]
    rows = Account.objects.filter(kind="resident", is_active=True, subject__in=people)
    return list(rows.order_by("key").values_list("key", flat=True))


def _answering(organisation: int) -> list[str]:
    """What trust calls those who answer for an organisation, by the registers that say it."""
    found: set[int] = set()
    for system, declared, field in _registers_of_firms():
        names = declared.objects.filter(key=organisation, ended=False).values_list(field, flat=True)
        found |= set(pseudonyms.resolve("person", system, [one for one in names if one]).values())
    return list(pseudonyms.give("person", TRUST, found).values())


def born_on(subject: str) -> date | None:
    """The birthday on record of a person whom trust knows as `subject`; None without one.

    For what the law allows the person alone (《个人信息保护法》（2021-08-20）第三十一条): people
    use what stands on record as their own, and nothing is told to any body.
    """
    offered = offering(BIRTHDAY)
    if offered is None or not isinstance(offered.answer, FromRecords) or not offered.keyed:
        return None
    key = pseudonyms.resolve("person", TRUST, [subject])[subject]
    rows = offered.answer([key]).get(key, ())
    said = rows[0]["values"].get(BIRTHDAY) if rows else None
    return date.fromisoformat(said) if said else None


def kind_asked(resource: str) -> str:
    """Whom a resource is asked about: person where this node does not know it."""
    found = resources().get(resource)
    return found.subject if found is not None else "person"
