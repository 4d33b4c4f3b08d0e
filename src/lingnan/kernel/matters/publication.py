"""What a matter must satisfy before it is published.

A matter that asks for what a registry holds is refused, as is one whose process has a dead
end, whose form is broken, or whose promise exceeds the law.
"""

from collections.abc import Mapping
from typing import Any

from lingnan.kernel.exchange.api import offering, resources
from lingnan.kernel.matters import conditions, process, review
from lingnan.kernel.matters.definition import BrokenMatter, Matter, hook
from lingnan.kernel.matters.form import Field
from lingnan.kernel.runtime.api import Title

LIMITS = ("formal_check", "decision")
ROLES = ("clerk", "reviewer", "inspector", "head")
REQUIRED = (
    "code",
    "title",
    "summary",
    "function",
    "tier",
    "in_force_from",
    "basis",
    "limits",
    "tasks",
    "certificate",
)


def check(content: Mapping[str, Any]) -> Matter:
    """The matter, or BrokenMatter saying what its author has to mend."""
    matter = Matter(dict(content))
    own = content["matter"]
    for name in REQUIRED:
        if not own.get(name):
            raise BrokenMatter(f"matter.toml lacks {name}")
    try:
        _check_shape(matter)
        _check_basis(matter)
        _check_limits(matter)
        _check_process(matter)
        _check_form(matter)
        _check_reads(matter)
    except (AttributeError, KeyError, LookupError, TypeError, ValueError) as error:
        if isinstance(error, BrokenMatter):
            raise
        raise BrokenMatter(f"{matter.code}: {error}") from error
    return matter


def _check_shape(matter: Matter) -> None:
    """Everything that pages and certificates will read is there and readable."""
    _titles = (matter.title, matter.summary, matter.steps, matter.materials, matter.suspensions)
    rule = matter.certificate
    Title.of(rule["title"])
    known = {field.name for field in matter.form.fields()}
    if rule["holder_from"] not in known:
        raise BrokenMatter(f"{matter.code}: the certificate's holder is no field of the form")
    for row in rule["fields"]:
        Title.of(row["title"])
        if "text" not in row and not row.get("from"):
            raise BrokenMatter(f"{matter.code}: a field of the certificate has no source")
    unknown = set(matter.content["matter"].get("about", [])) - known
    if unknown:
        raise BrokenMatter(f"{matter.code}: about names unknown fields {sorted(unknown)}")
    if matter.on_granted and not callable(hook(matter)):
        raise BrokenMatter(f"{matter.code}: actions.py has no {matter.on_granted}")


def _check_basis(matter: Matter) -> None:
    for row in matter.basis:
        if not row.get("law") or not row.get("article") or not row.get("version"):
            raise BrokenMatter(f"{matter.code}: a basis needs law, version and article")


def _check_limits(matter: Matter) -> None:
    for name in LIMITS:
        limit = matter.limits.get(name)
        if limit is None:
            raise BrokenMatter(f"{matter.code}: limit {name} is missing")
        if limit["unit"] not in ("working_day", "calendar_day") or not limit.get("basis"):
            raise BrokenMatter(f"{matter.code}: limit {name} needs a unit and a basis")
        if limit["promised"] > limit["statutory"]:
            raise BrokenMatter(f"{matter.code}: {name} promises more days than the law gives")


def _check_process(matter: Matter) -> None:
    try:
        model = process.check(matter.process)
    except process.BrokenModel as fault:
        raise BrokenMatter(f"{matter.code}: process.bpmn: {fault}") from fault
    if set(model.tasks()) != set(matter.steps):
        different = sorted(set(model.tasks()) ^ set(matter.steps))
        raise BrokenMatter(f"{matter.code}: tasks differ between the two files: {different}")
    for step in matter.steps.values():
        if step.role not in ROLES:
            raise BrokenMatter(f"{matter.code}: unknown role {step.role}")
        if not step.decides and not step.outcomes:
            raise BrokenMatter(f"{matter.code}: {step.code} has no outcomes")
    deciding = {code for code, step in matter.steps.items() if step.decides}
    if process.avoids(model, deciding):
        raise BrokenMatter(f"{matter.code}: a way leads to the end without a decision")
    review.specification(matter.process)
    known = {field.name for field in matter.form.fields()} | set(matter.steps)
    for flow in model.flows:
        unknown = conditions.names(flow.condition) - known if flow.condition else set()
        if unknown:
            raise BrokenMatter(f"{matter.code}: condition on unknown {sorted(unknown)}")


def _check_form(matter: Matter) -> None:
    fields = matter.form.fields()
    names = [field.name for field in fields]
    if not fields or len(set(names)) != len(names):
        raise BrokenMatter(f"{matter.code}: form.json has no fields, or a name twice")
    for field in fields:
        _check_binding(matter, field)
    for material in matter.materials:
        if material.when:
            conditions.parse(material.when)


def _check_binding(matter: Matter, field: Field) -> None:
    """Never ask twice: a field is filled from a record or says why no record can."""
    holder = offering(field.element) if field.element else None
    if field.bound:
        resource = resources().get(field.resource)
        # A holder on another node is not in this node's catalogue; the agreement decides.
        if resource is not None and field.element not in resource.elements:
            raise BrokenMatter(f"{matter.code}: {field.resource} does not offer {field.element}")
        if field.resource not in {row["resource"] for row in matter.reads}:
            raise BrokenMatter(f"{matter.code}: {field.resource} is not among its reads")
    elif holder is not None:
        raise BrokenMatter(
            f"{matter.code}: {field.name} asks for {field.element}, which {holder.code} holds"
        )
    elif field.because is None:
        raise BrokenMatter(f"{matter.code}: {field.name} has no record and says not why")
    elif _asks_for_registered(field):
        raise BrokenMatter(f"{matter.code}: {field.name} asks by another name for what is held")


def _asks_for_registered(field: Field) -> bool:
    titles = {title.zh for r in resources().values() for title in r.elements.values()}
    return field.title.zh in titles


def _check_reads(matter: Matter) -> None:
    for row in matter.reads:
        if not row.get("resource") or not row.get("elements") or not row.get("basis"):
            raise BrokenMatter(f"{matter.code}: a read needs resource, elements and basis")
        Title.of(row.get("why"))
