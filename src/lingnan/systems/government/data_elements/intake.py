"""The register follows the releases of its node: what systems declare is taken in, never asked.

What the standards office has written stays: a declaration is followed only where the register
still says what the declaration before it said.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from lingnan.kernel.registry.api import record_type
from lingnan.kernel.runtime.api import Action, Title, action
from lingnan.systems.government.data_elements import declared
from lingnan.systems.government.data_elements.declared import Declared
from lingnan.systems.government.data_elements.models import (
    DataElement,
    ElementMapping,
    ObjectClass,
    Standard,
)
from lingnan.systems.government.data_elements.rules import definitions
from lingnan.systems.government.data_elements.wording import bodies_by_function

BY = "node"
CONTENT = Path(__file__).parent / "content"
FOLLOWED = ("name_zh", "name_en", "datatype", "length", "values")
DOMAIN = ("datatype", "length", "values")


@cache
def content(name: str) -> Mapping[str, Any]:
    return tomllib.loads((CONTENT / f"{name}.toml").read_text(encoding="utf-8"))


def keep() -> int:
    """Let the register say what is declared; how many records were written.

    To be repeated at will: what already stands is left.
    """
    with action(by=BY, reason="the register follows what the systems declare") as act:
        found = declared.declared()
        return (
            _classes(act, found) + _elements(act, found) + _standards(act) + _mappings(act, found)
        )


def _classes(act: Action, found: Mapping[str, Declared]) -> int:
    known = set(ObjectClass.objects.values_list("code", flat=True))
    homes = {class_of(code): one for code, one in reversed(list(found.items()))}
    written = 0
    for code in sorted(set(homes) - known):
        told = content("object_classes").get(code, {})
        title = Title.of(told["name"]) if "name" in told else _title(homes[code])
        defined = told.get("definition", {})
        act.create(
            ObjectClass, code=code, name_zh=title.zh, name_en=title.en,
            definition_zh=defined.get("zh", ""), definition_en=defined.get("en", ""),
        )  # fmt: skip
        written += 1
    return written


def class_of(code: str) -> str:
    """The object class that the code of an element names."""
    return code.partition(".")[0]


def _title(one: Declared) -> Title:
    """Of a class that nobody named: the register that is the home of its first element."""
    if not one.home:
        return Title(class_of(one.code), class_of(one.code).replace("_", " "))
    system, _dot, name = one.home.partition(".")
    return record_type(system, name).record.title


def _elements(act: Action, found: Mapping[str, Declared]) -> int:
    known = {row.code: row for row in DataElement.objects.all()}
    bodies = {function: body.code for function, body in bodies_by_function().items()}
    written = 0
    for code, one in sorted(found.items()):
        submitter = bodies.get(one.function, "")
        row = known.get(code)
        if row is None:
            act.create(DataElement, **_new(one, submitter, bodies.get("data", "")))
            written += 1
        elif changes := _followed(row, one, submitter):
            act.change(row, **changes)
            written += 1
    for code, row in known.items():
        if code not in found and row.declared and row.status != "retired":
            act.change(row, status="retired", declared={}, home="")
            written += 1
    return written


def _said(one: Declared) -> dict[str, Any]:
    return {
        "name_zh": one.title.zh, "name_en": one.title.en, "datatype": one.datatype,
        "length": one.length, "values": one.values,
    }  # fmt: skip


def _new(one: Declared, submitter: str, registrar: str) -> dict[str, Any]:
    told = content("definitions").get(one.code, {})
    said = _said(one)
    return {
        **said,
        "code": one.code,
        "object_class": class_of(one.code),
        "property_zh": one.title.zh,
        "property_en": one.title.en,
        "definition_zh": told.get("zh", ""),
        "definition_en": told.get("en", ""),
        "unit": told.get("unit", ""),
        "shape": told.get("shape", ""),
        "standards": told.get("standards", ""),
        "words": told.get("words", ""),
        "status": "recorded" if _complete(one, told) else "candidate",
        "registrar": registrar,
        "submitter": submitter,
        "home": one.home,
        "declared": said,
    }


def _complete(one: Declared, told: Mapping[str, str]) -> bool:
    """Whether all that 11179-6 asks of a recorded element is there."""
    zh = definitions.faults("zh", one.title.zh, told.get("zh", ""))
    en = definitions.faults("en", one.title.en, told.get("en", ""))
    return bool(one.datatype) and not zh and not en


def _followed(row: DataElement, one: Declared, submitter: str) -> dict[str, Any]:
    """What a declaration changes of a registered element; nothing where it says what it said."""
    said, before = _said(one), row.declared
    changes: dict[str, Any] = {
        name: said[name]
        for name in FOLLOWED
        if said[name] != getattr(row, name) and getattr(row, name) == before.get(name)
    }
    if before != said:
        changes["declared"] = said
    if row.home != one.home:
        changes["home"] = one.home
    if submitter and row.submitter != submitter:
        changes["submitter"] = submitter
    if not before and row.status == "retired" and not row.replaced_by:
        changes["status"] = "candidate"
    if any(name in changes for name in DOMAIN):
        changes["edition"] = row.edition + 1
    return changes


def _standards(act: Action) -> int:
    known = set(Standard.objects.values_list("number", flat=True))
    told = dict(content("standards"))
    for number in filter(str.isascii, declared.standards_of_systems()):
        # A manifest names it without its title: nothing else is known. Rules of a place, which it
        # names in Chinese, are no standards.
        told.setdefault(number, {"title": {"zh": number, "en": number}, "mark": "unverified"})
    for number in sorted(set(told) - known):
        one = told[number]
        act.create(
            Standard, number=number, title_zh=one["title"]["zh"], title_en=one["title"]["en"],
            state=one.get("state", "unknown"), since=one.get("since"),
            replaced_by=one.get("replaced_by", ""), mark=one["mark"],
        )  # fmt: skip
    return len(set(told) - known)


def _mappings(act: Action, found: Mapping[str, Declared]) -> int:
    known = set(ElementMapping.objects.values_list("number", flat=True))
    written = 0
    for place, one in enumerate(content("mappings")["mappings"], 1):
        number = f"M{place:04d}"
        if number in known or one["element"] not in found:
            continue
        values = "\n".join(f"{own}={there}" for own, there in one.get("values", {}).items())
        act.create(
            ElementMapping, number=number, element=one["element"], scheme=one["scheme"],
            target=one["target"], match=one["match"], values=values,
        )  # fmt: skip
        written += 1
    return written
