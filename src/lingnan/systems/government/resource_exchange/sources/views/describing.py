"""What a chosen table is called, what its columns mean, and on which terms it is shared."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.exchange.api import sources
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.resource_exchange.sources import mapping, publishing, words
from lingnan.systems.government.resource_exchange.sources.models import DRAFT, Publication
from lingnan.systems.government.resource_exchange.sources.views.desk import (
    JOINS,
    publication_of,
    trail,
)


@allow(JOINS)
@require_http_methods(["GET", "HEAD", "POST"])
def describe(request: HttpRequest, number: str) -> HttpResponse:
    """Fill in and send to the second person of the body."""
    refuse_noughts_posted(request)
    who = actor(request)
    one = publication_of(who, number)
    if one.state != DRAFT:
        raise Http404
    said, known, top = ui.Answers(request), publishing.known_elements(), []
    if said.posted:
        told = _told(said, one, known)
        if said.good:
            try:
                publishing.send(one, told, who)
                messages.success(request, _("Sent: a second person of your body agrees or not."))
                return redirect("source-table", number=number)
            except publishing.NotPossible as fault:
                top = _fault(said, fault)
            except sources.SourceFailure as failure:
                top = [words.failed(failure)]
    elif one.why:
        top = [ui.Notice("warn", _("It was sent back"), f"“{one.why}”")]
    page = ui.Page(
        _("What the table says"),
        _("Each column is a data element: one that a register holds, or one of this table alone."),
        top=top,
        forms=[_form(said, one, known)],
        trail=trail(
            pgettext("source", "Describe"),
            ui.Link(reverse("source-table", args=[number]), words.name(str(one.title))),
        ),
    )
    return ui.shown(request, page, 422 if said.wrong or (said.posted and top) else 200)


def _fault(said: ui.Answers, fault: publishing.NotPossible) -> list[ui.Notice]:
    """What is wrong at its field; what is no field's, above."""
    if fault.field == "leave":
        link = f"{reverse('desk-agreement-new')}?resource={fault.detail}"
        return [ui.Notice(
            "late",
            _("Your body may not read the numbers yet by which the table knows people or firms."),
            _("Ask their holder for an agreement for the purpose “find somebody's rows in a "
              "department's own table”; then send this again."),
            ui.Link(link, _("Ask a holder for an agreement")),
        )]  # fmt: skip
    if fault.field == "nobody":
        return [ui.Notice("late", _("Your body has no second person who could agree: neither a "
                                    "head nor another data officer."))]  # fmt: skip
    taken = fault.detail in ("taken", "twice")
    said.wrong[fault.field] = _("This is taken already.") if taken else _("Please put this right.")
    return []


def _told(said: ui.Answers, one: Publication, known: dict[str, Title]) -> publishing.Said:
    subsystem = said.text("subsystem", 31)
    columns = []
    for number, row in enumerate(one.columns):
        code = said[f"element-{number}"]
        own = not code
        title = known.get(code)
        columns.append({
            "column": row["column"],
            "element": mapping.own_code(subsystem, said[f"en-{number}"], number) if own else code,
            "zh": said.text(f"zh-{number}", 60, own) if title is None or own else title.zh,
            "en": said.text(f"en-{number}", 60, own) if title is None or own else title.en,
            "sensitive": said.ticked(f"sensitive-{number}"),
        })  # fmt: skip
    return publishing.Said(
        subsystem,
        said.text("name", 31),
        Title(said.text("title_zh", 100), said.text("title_en", 100)),
        columns,
        said.chosen("sharing", publishing.SHARING),
        Title(said.text("condition_zh", 100), said.text("condition_en", 100)),
        said.text("basis", publishing.MOST),
        said.chosen("category", list(words.categories())),
        said.chosen("cycle", list(words.cycles())),
    )


def _form(said: ui.Answers, one: Publication, known: dict[str, Title]) -> ui.Form:
    subsystem, _dot, name = one.code.partition(".")
    fields = [
        _text(said, "title_zh", _("Name in Chinese"), one.title_zh, 100),
        _text(said, "title_en", _("Name in English"), one.title_en, 100),
        _text(said, "subsystem", _("Subsystem"), subsystem, 31,
              hint=_("Small Latin letters, digits and _: your body's alone.")),
        _text(said, "name", pgettext("table", "Code"), name, 31,
              hint=_("Small Latin letters, digits and _: of this table.")),
    ]  # fmt: skip
    for number, row in enumerate(one.columns):
        fields += _of_column(said, number, row, known)
    fields += [
        said.field("sharing", _("Sharing"), kind="radio", options=ui.options(words.sharing()),
                   value=said["sharing"] or one.sharing),
        _text(said, "condition_zh", _("Condition in Chinese"), one.condition_zh, 100),
        _text(said, "condition_en", _("Condition in English"), one.condition_en, 100),
        _text(said, "basis", _("Legal basis"), one.basis, publishing.MOST,
              hint=_("Law, its date and the article.")),
        said.field("category", _("Category"), kind="select", value=said["category"] or one.category,
                   options=ui.options(words.categories())),
        said.field("cycle", _("How often it changes"), kind="select",
                   value=said["cycle"] or one.cycle, options=ui.options(words.cycles())),
    ]  # fmt: skip
    return ui.Form(fields, _("Send to the second person"))


def _of_column(
    said: ui.Answers, number: int, row: dict[str, Any], known: dict[str, Title]
) -> list[ui.FieldView]:
    """The element of a column, and how it is called where it is this table's own."""
    column = row["column"]
    before = row["element"] or mapping.suggested(column, row["zh"], known)
    code = said[f"element-{number}"] if said.posted else before if before in known else ""
    options = [ui.Option(one, f"{title} ({one})") for one, title in sorted(known.items())]
    quoted = {"column": f"“{column}”"}
    sensitive = (
        said.ticked(f"sensitive-{number}")
        if said.posted
        else row["sensitive"] or code in mapping.SENSITIVE
    )
    fields = [
        said.field(f"element-{number}", _("%(column)s is the data element") % quoted, kind="select",
                   value=code, options=options, required=False,
                   blank=_("one of this table alone")),
    ]  # fmt: skip
    if not code:
        zh = said[f"zh-{number}"] if said.posted else row["zh"] or column
        en = said[f"en-{number}"] if said.posted else row["en"] or mapping.english(column)
        fields += [
            said.field(f"zh-{number}", _("%(column)s in Chinese") % quoted, value=zh, maxlength=60),
            said.field(f"en-{number}", _("%(column)s in English") % quoted, value=en, maxlength=60),
        ]
    sign = _("%(column)s is sensitive") % quoted
    return [*fields, said.field(f"sensitive-{number}", sign, kind="checkbox", required=False,
                                value="1" if sensitive else "")]  # fmt: skip


def _text(
    said: ui.Answers, name: str, label: str, old: str, longest: int, hint: str = ""
) -> ui.FieldView:
    value = said[name] if said.posted else old
    return said.field(name, label, value=value, maxlength=longest, hint=hint)
