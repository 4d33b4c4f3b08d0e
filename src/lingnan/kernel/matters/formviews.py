"""Forms and cases as the design system draws them."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django.utils.translation import gettext as _

from lingnan.kernel.content.files import LIMIT
from lingnan.kernel.exchange.api import resources
from lingnan.kernel.matters import applications, places, wording
from lingnan.kernel.matters.definition import Material, Matter, cite
from lingnan.kernel.matters.form import Field
from lingnan.kernel.matters.models import Application, Rating
from lingnan.kernel.matters.timeviews import demonstration_mark
from lingnan.kernel.trust.api import Body
from lingnan.kernel.ui import api as ui


def resource_title(code: str) -> str:
    found = resources().get(code)
    return str(found.title) if found else code


def place_view(
    field: Field, application: Application, answer: dict[str, Any], error: str = ""
) -> ui.FieldView:
    """A place: what was picked, filled from the register; else words and what they may mean."""
    words = str(answer.get("value", ""))
    if answer.get("source") == "record":
        return field_view(field, answer, error)
    return ui.FieldView(
        name=field.name,
        label=str(field.title),
        hint=_hint(field, answer),
        value=words,
        kind="place",
        options=found_places(field, words, application.body),
        required=field.required,
        error=error,
        maxlength=field.limits.get("max_length"),
        suggest_url=f"/apply/{application.reference}/places/{field.name}/",
    )


def found_places(field: Field, words: str, body: str) -> list[ui.Option]:
    division = Body.objects.get(code=body).division
    return [ui.Option(code, text) for code, text in places.suggestions(field, words, division)]


def field_view(field: Field, answer: dict[str, Any], error: str = "") -> ui.FieldView:
    source = None
    kind = cast(ui.FieldKind, "text" if field.type == "place" else field.type)
    if answer.get("source") == "awaited":
        kind = "readonly"
    if answer.get("source") == "record":
        source = ui.Source(
            resource_title(field.resource),
            wording.day(answer["read_on"]),
            dispute_name="dispute",
        )
    return ui.FieldView(
        name=field.name,
        label=str(field.title),
        hint=_hint(field, answer),
        value=str(answer.get("value", "")),
        kind=kind,
        options=[ui.Option(value, str(title)) for value, title in field.options],
        required=field.required,
        error=error,
        source=source,
        unit=str(field.unit) if field.unit else "",
        maxlength=field.limits.get("max_length"),
        inputmode="tel" if field.limits.get("format") == "phone" else "",
        autocomplete="tel" if field.limits.get("format") == "phone" else "",
        minimum=str(field.limits.get("min", "")),
        maximum=str(field.limits.get("max", "")),
    )


def _hint(field: Field, answer: dict[str, Any]) -> str:
    if answer.get("source") == "disputed":
        return _(
            "The record says “%(value)s”. You said that is not right: please give it here."
        ) % {"value": answer.get("record_says", "")}
    if answer.get("source") == "awaited":
        return _("Filled in by itself as soon as the registration is there.")
    if answer.get("absent"):
        return _("There is no record of this: please give it here, if there is something to say.")
    if answer.get("source") == "fallback":
        return _("The record could not be read just now: please give it here; it is checked later.")
    return str(field.hint) if field.hint else ""


def shown_field(field: Field, application: Application, error: str = "") -> ui.FieldView:
    answer = application.answers.get(field.name, {})
    if field.type == "place":
        return place_view(field, application, answer, error)
    return field_view(field, answer, error)


def sections(
    matter: Matter, application: Application, errors: dict[str, str]
) -> list[dict[str, Any]]:
    return [
        {
            "title": str(section.title),
            "fields": [
                shown_field(field, application, errors.get(field.name, ""))
                for field in section.fields
            ],
        }
        for section in matter.form.sections
    ]


def material_views(application: Application, errors: dict[str, str]) -> list[ui.FieldView]:
    views = []
    for material in applications.materials(application):
        views += one_material(application, material, errors)
    return views


def one_material(
    application: Application, material: Material, errors: dict[str, str], need: str = ""
) -> list[ui.FieldView]:
    """A paper, and for a secondary one that is not there the promise to hand it in later."""
    kept = application.attachments.filter(material=material.code).first()
    views = [_material(application, material, kept, errors, need)]
    if material.tolerance and kept is None:
        views.append(_promise(application, material))
    return views


def _promise(application: Application, material: Material) -> ui.FieldView:
    """The applicant may promise a secondary material instead of handing it in now."""
    rule = material.tolerance or {}
    days = wording.counted(int(rule["days"]), rule["unit"])
    mark = demonstration_mark({"promise_is_demonstration": rule.get("demonstration")})
    words = _("I promise to hand in “%(material)s” within %(days)s of acceptance%(mark)s")
    promised = material.code in application.promises
    return ui.FieldView(
        name=f"promise-{material.code}",
        label=words % {"material": material.title, "days": days, "mark": mark},
        hint=rule["basis"],
        kind="checkbox",
        value="1" if promised else "",
        required=False,
    )


def _material(
    application: Application,
    material: Material,
    attachment: Any,
    errors: dict[str, str],
    need: str,
) -> ui.FieldView:
    hints = [str(material.hint) if material.hint else "", need]
    return ui.FieldView(
        name=f"file-{material.code}",
        label=str(material.title),
        hint=" · ".join(hint for hint in hints if hint),
        kind="file",
        required=material.required,
        error=errors.get(f"file-{material.code}", ""),
        accept=("pdf", "png", "jpg"),
        max_megabytes=LIMIT // (1024 * 1024),
        files=_kept(application, attachment),
    )


def _kept(application: Application, attachment: Any) -> list[ui.Link]:
    if attachment is None:
        return []
    return [
        ui.Link(f"/apply/{application.reference}/files/{attachment.material}/", attachment.name)
    ]


def source_words(answer: Mapping[str, Any]) -> str:
    """Where an answer comes from."""
    notes = {
        "record": _("from records"),
        "typed": _("typed by the applicant"),
        "disputed": _("the applicant disputes the record"),
        "fallback": _("typed: the holder did not answer"),
        "gone": _("the record has ended since it was read"),
        "awaited": _("comes from the registration applied for at the same time"),
    }
    note = notes.get(answer.get("source", ""), "")
    if answer.get("source") == "disputed":
        note = f"{note}: {answer.get('record_says', '')}"
    return note


def answers_panel(matter: Matter, declared: dict[str, Any], section: Any) -> ui.Panel:
    """What was declared in one section, with where each answer comes from."""
    items = []
    for field in section.fields:
        answer = declared.get(field.name, {})
        shown = field.display(answer.get("value"))
        items.append(ui.Item(str(field.title), shown, source_words(answer)))
    return ui.Panel(str(section.title), items, compact=True)


def answer_panels(matter: Matter, declared: dict[str, Any]) -> list[ui.Panel]:
    return [answers_panel(matter, declared, section) for section in matter.form.sections]


def matter_facts(matter: Matter) -> list[str]:
    """How long and how much, in a few words."""
    limit = matter.limits["decision"]
    promised = wording.counted(limit["promised"], limit["unit"])
    words = _("Promised in %(p)s") % {"p": promised}
    return [words + demonstration_mark(limit), fee_words(matter)]


def fee_words(matter: Matter) -> str:
    amount = matter.content["matter"].get("fee", {}).get("amount", 0)
    return _("%(n)s yuan") % {"n": amount} if amount else _("Free of charge")


def basis_panel(matter: Matter) -> ui.Panel:
    return basis_panel_of(matter.basis)


def basis_panel_of(basis: Iterable[dict[str, Any]]) -> ui.Panel:
    return ui.Panel(_("Legal basis"), [ui.Item(cite(row), str(_title(row))) for row in basis])


def rating_fields() -> list[ui.FieldView]:
    """How the applicant rates what is finished."""
    options = [ui.Option(str(grade), str(words)) for grade, words in Rating.GRADES]
    words = _("Who says nothing within seven days counts as “basically satisfied”.")
    grade = ui.FieldView(
        name="grade", label=_("How was the service?"), hint=words, kind="radio", options=options
    )
    said = ui.FieldView(
        name="words",
        label=_("What should be better?"),
        kind="textarea",
        rows=3,
        required=False,
        maxlength=500,
    )
    return [grade, said]


def _title(row: dict[str, Any]) -> Any:
    from lingnan.kernel.runtime.api import Title

    return Title.of(row["title"])


def reads_panel(reads: list[dict[str, Any]]) -> ui.Panel:
    """What was read from whom on which basis, with the number of the evidence."""
    states = {
        "found": _("read"),
        "absent": _("the holder has no such record"),
        "denied": _("denied"),
        "unavailable": _("the holder did not answer"),
        "stale": _("too old"),
    }
    items = [
        ui.Item(
            resource_title(read["resource"]),
            ui.Cell(states[read["state"]], read["basis"]),
            _("Evidence no. %(n)s") % {"n": read["evidence"]} if read["evidence"] else "",
        )
        for read in reads
    ]
    return ui.Panel(_("Read from records"), items)
