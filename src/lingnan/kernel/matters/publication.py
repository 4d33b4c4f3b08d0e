"""What a matter must satisfy before it is published.

A matter that asks for what a registry holds is refused, as is one whose process has a dead
end, whose form is broken, or whose promise exceeds the law.
"""

import logging
from collections.abc import Mapping
from typing import Any

from django.utils import translation

from lingnan.kernel.content.certificates import api as drawing
from lingnan.kernel.exchange.api import declared, offering, resources
from lingnan.kernel.matters import competence, conditions, process, review
from lingnan.kernel.matters.definition import BrokenMatter, Material, Matter, hook
from lingnan.kernel.matters.form import Field
from lingnan.kernel.registry.api import elements
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import Body, Holding

logger = logging.getLogger(__name__)
LIMITS = ("formal_check", "decision")
POSTS = 5
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
        _check_bodies(matter)
        _check_basis(matter)
        _check_limits(matter)
        _check_process(matter)
        _check_form(matter)
        _check_reads(matter)
        _check_certificate(matter)
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
    # What a granted decision writes may be shown as well; its action alone knows what that is.
    sources = {row["from"] for row in rule["fields"] if "text" not in row}
    unheard = (sources | {rule.get("number_from") or rule["holder_from"]}) - known
    if unheard and not matter.on_granted:
        raise BrokenMatter(f"{matter.code}: the certificate shows unknown {sorted(unheard)}")
    unknown = set(matter.content["matter"].get("about", [])) - known
    if unknown:
        raise BrokenMatter(f"{matter.code}: about names unknown fields {sorted(unknown)}")
    if matter.on_granted:
        try:
            found = hook(matter)
        except AttributeError:
            found = None
        if not callable(found):
            raise BrokenMatter(f"{matter.code}: actions.py has no {matter.on_granted}")


def _check_bodies(matter: Matter) -> None:
    """Somebody must be there to do it: a body of the function, and at it each step's post."""
    if not Body.objects.exists():
        return
    bodies = list(competence.handling(matter).values_list("code", flat=True))
    if not bodies:
        raise BrokenMatter(
            f"{matter.code}: no body has the function {matter.function} at the tier {matter.tier}"
        )
    held = set(
        Holding.objects.filter(body__in=bodies[:POSTS], ended=False).values_list("role", flat=True)
    )
    unheld = sorted({step.role for step in matter.steps.values()} - held)
    if held and unheld:
        raise BrokenMatter(f"{matter.code}: nobody at {bodies[0]} holds the post {unheld}")


def _check_basis(matter: Matter) -> None:
    for row in [*matter.basis, *matter.grounds]:
        if not row.get("law") or not row.get("article") or not row.get("version"):
            raise BrokenMatter(f"{matter.code}: a basis needs law, version and article")
        if not row.get("title"):
            raise BrokenMatter(f"{matter.code}: the basis {row['law']} needs a title")
        Title.of(row["title"])


def _check_limits(matter: Matter) -> None:
    for name in LIMITS:
        limit = matter.limits.get(name)
        if limit is None:
            raise BrokenMatter(f"{matter.code}: limit {name} is missing")
        if limit["unit"] not in ("working_day", "calendar_day") or not limit.get("basis"):
            raise BrokenMatter(f"{matter.code}: limit {name} needs a unit and a basis")
        for part in ("statutory", "promised"):
            _check_days(matter, f"limit {name}: {part}", limit.get(part))
        if limit["promised"] > limit["statutory"]:
            raise BrokenMatter(f"{matter.code}: {name} promises more days than the law gives")
    extension = matter.limits.get("extension")
    if extension is not None:
        _check_days(matter, "limit extension: days", extension.get("days"))
        if not extension.get("basis"):
            raise BrokenMatter(f"{matter.code}: limit extension needs a basis")


def _check_days(matter: Matter, what: str, days: Any) -> None:
    # A bool is an int to Python, not to a reader of the law.
    if type(days) is not int or days < 0:
        raise BrokenMatter(f"{matter.code}: {what} is no whole number of days")


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
        _check_tolerance(matter, material)
        unknown = conditions.names(material.when) - set(names) if material.when else set()
        if unknown:
            raise BrokenMatter(
                f"{matter.code}: material {material.code} depends on unknown {sorted(unknown)}"
            )


def _check_tolerance(matter: Matter, material: Material) -> None:
    rule = material.tolerance
    if rule is None:
        return
    _check_days(matter, f"material {material.code}: tolerance: days", rule.get("days"))
    if rule.get("unit") not in ("working_day", "calendar_day") or not rule.get("basis"):
        raise BrokenMatter(
            f"{matter.code}: the tolerance of {material.code} needs a unit and a basis"
        )


def _check_binding(matter: Matter, field: Field) -> None:
    """Never ask twice: a field is filled from a record or says why no record can."""
    holder = offering(field.element) if field.element else None
    if field.type == "place" and not field.bound:
        raise BrokenMatter(f"{matter.code}: {field.name} is a place and names no register")
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
    elif field.element in elements():
        home = elements()[field.element][0]._meta.label_lower
        raise BrokenMatter(
            f"{matter.code}: {field.name} asks for {field.element}, which {home} holds"
        )
    elif field.because is None:
        raise BrokenMatter(f"{matter.code}: {field.name} has no record and says not why")
    else:
        _check_title(matter, field)


def _check_title(matter: Matter, field: Field) -> None:
    held = _held_titles()
    code = held.get(_plain(field.title.zh)) or held.get(_plain(field.title.en))
    if code:
        raise BrokenMatter(
            f"{matter.code}: {field.name} asks by another name for {code}, which is held; "
            "fill it from the record, or say in its title what else is meant"
        )


def _held_titles() -> dict[str, str]:
    """Title in either language → the element so called, registered or on offer."""
    found: dict[str, str] = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            for code, (model, name) in elements().items():
                label = getattr(model._meta.get_field(name), "verbose_name", name)
                found[_plain(str(label))] = code
    for resource in declared().values():
        for code, title in resource.elements.items():
            found |= {_plain(title.zh): code, _plain(title.en): code}
    return found


def _plain(title: str) -> str:
    return title.strip().casefold()


def _check_reads(matter: Matter) -> None:
    for row in matter.reads:
        if not row.get("resource") or not row.get("elements") or not row.get("basis"):
            raise BrokenMatter(f"{matter.code}: a read needs resource, elements and basis")
        Title.of(row.get("why"))


def _check_certificate(matter: Matter) -> None:
    """The template draws a certificate of the matter's own fields, with invented values."""
    rule = matter.certificate
    sample = {
        "title": rule["title"],
        "orientation": rule.get("orientation", "portrait"),
        "number": "0000",
        "fields": [_sample_row(matter, row) for row in rule["fields"]],
        "statement": rule.get("statement"),
        "body": {"zh": "示例机关", "en": "A body"},
        "date": "2026-03-02",
        "verify": {"address": "https://example.cn", "qr": drawing.qr_svg("https://example.cn")},
        "seal": {"name": "示例机关", "line": "演示专用章"},
        "demonstration": True,
    }
    try:
        drawing.render(str(matter.content["certificate"]), sample)
    except drawing.FontMissing as missing:
        logger.warning("certificate.typ of %s was not tried: %s", matter.code, missing)
    except drawing.TemplateFault as fault:
        raise BrokenMatter(f"{matter.code}: certificate.typ: {fault}") from fault


def _sample_row(matter: Matter, row: Mapping[str, Any]) -> dict[str, str]:
    title = Title.of(row["title"])
    if "text" in row:
        return {"zh": title.zh, "en": title.en, "value": Title.of(row["text"]).zh}
    field = next((f for f in matter.form.fields() if f.name == row["from"]), None)
    value = field.options[0][1].zh if field is not None and field.options else "示例"
    return {"zh": title.zh, "en": title.en, "value": value}
