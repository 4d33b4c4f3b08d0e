"""Who answers for each data element: today, before and from a day to come."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.registry import display
from lingnan.kernel.registry.holders import holding
from lingnan.kernel.registry.holders.holding import TransferRefused
from lingnan.kernel.registry.models import ElementHolder
from lingnan.kernel.registry.records import elements as declared
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import (
    Actor,
    Body,
    actor,
    allow,
    in_words,
    official,
    refuse_noughts_posted,
)
from lingnan.kernel.ui import api as ui

READERS = official("data_officer")
HERE = "/desk/holders/"


@allow(READERS)
@require_safe
def elements(request: HttpRequest) -> HttpResponse:
    """Every data element with its holder of today."""
    today, names = legal_time.today(), functions()
    rows: dict[str, list[ElementHolder]] = {}
    for row in ElementHolder.objects.order_by("valid_from"):
        rows.setdefault(row.element, []).append(row)
    lines: list[dict[str, ui.CellLike]] = []
    for code, (model, field) in sorted(declared().items()):
        found = rows.get(code, [])
        now = [row for row in found if _holds(row, today)]
        later = [row for row in found if row.valid_from > today]
        lines.append({
            "element": ui.Cell(ui.Link(f"{HERE}{code}/", display.label(model, field)), code),
            "register": str(model.record.title),
            "now": _named(now[0], names) if now else "—",
            "later": _from(later[0], names) if later else "—",
        })  # fmt: skip
    columns = [
        ui.Column("element", _("Element")),
        ui.Column("register", _("Register")),
        ui.Column("now", _("Holder now")),
        ui.Column("later", _("Holder to come")),
    ]
    table = ui.Table(columns, lines, _("Holders of data elements"), caption_hidden=True)
    return render(request, "registry/holders.html", {"table": table})


def _holds(row: ElementHolder, day: date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or day < row.valid_to)


def _from(row: ElementHolder, names: dict[str, str]) -> str:
    said = {"who": _named(row, names), "day": ui.legal_date(row.valid_from)}
    return _("%(who)s, from %(day)s") % said


def functions() -> dict[str, str]:
    """Function → the name of its highest body, which says best what it is."""
    found: dict[str, str] = {}
    rank = {"province": 0, "city": 1, "county": 2}
    bodies: list[Any] = list(Body.objects.filter(ended=False, tier="province"))
    bodies += list(
        Body.objects.filter(ended=False).exclude(function__in=[b.function for b in bodies])
    )
    for body in sorted(bodies, key=lambda one: (rank.get(one.tier, 3), one.key)):
        found.setdefault(body.function, str(body.title))
    return found


def _named(row: ElementHolder, names: dict[str, str]) -> str:
    if row.body:
        body = Body.objects.filter(code=row.body).first()
        return str(body.title) if body else row.body
    words = _("%(body)s and the bodies below it, each for its division")
    return words % {"body": names.get(row.function, row.function)}


@allow(READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def element(request: HttpRequest, element: str) -> HttpResponse:
    """The holders of one element by time; the data bureau's data officer lets it pass."""
    refuse_noughts_posted(request)
    who = actor(request)
    if element not in declared():
        raise Http404
    told = {
        n: request.POST.get(n, "").strip() for n in ("function", "body", "start", "basis", "reason")
    }
    if request.method != "POST":
        return _page(request, element, who, told, None)
    if not transfers(who):
        raise PermissionDenied
    try:
        start = date.fromisoformat(told["start"])
    except ValueError:
        words = _("Please give a day as year, month and day, such as 2011-06-30.")
        return _page(request, element, who, told, TransferRefused("start", words))
    try:
        holding.transfer(
            who, element, told["function"], told["body"], start, told["basis"], told["reason"]
        )
    except TransferRefused as error:
        return _page(request, element, who, told, error)
    return redirect(f"{HERE}{element}/")


def transfers(who: Actor) -> bool:
    """The data officer of the province's data bureau."""
    body = Body.objects.filter(code=who.body, tier="province").first()
    return body is not None and official("data_officer", functions=("data",)).permits(who)


def _page(
    request: HttpRequest, code: str, who: Actor, told: dict[str, str], error: TransferRefused | None
) -> HttpResponse:
    model, field = declared()[code]
    names = functions()
    fields = _fields(told, names, error) if transfers(who) else []
    context = {
        "code": code,
        "heading": display.label(model, field),
        "register": model.record.title,
        "table": _table(code, names),
        "fields": fields,
        "errors": ui.ErrorSummary.of(fields) if error else None,
    }
    return render(request, "registry/holder.html", context, status=422 if error else 200)


def _table(code: str, names: dict[str, str]) -> ui.Table:
    rows: list[dict[str, ui.CellLike]] = []
    for row in ElementHolder.objects.filter(element=code).order_by("valid_from"):
        until = ui.legal_date(row.valid_to) if row.valid_to else _("open")
        by = _("declaration") if row.by == holding.DECLARED else in_words(row.by)
        rows.append({
            "who": _named(row, names),
            "from": ui.legal_date(row.valid_from),
            "until": until,
            "basis": ui.Cell(row.basis, row.reason),
            "by": ui.Cell(by, ui.legal_datetime(row.recorded_at)),
        })  # fmt: skip
    columns = [
        ui.Column("who", pgettext("register", "Holder")),
        ui.Column("from", _("From")),
        ui.Column("until", _("Until (not included)")),
        ui.Column("basis", _("Basis")),
        ui.Column("by", _("Recorded by")),
    ]
    return ui.Table(columns, rows, _("Holders by time"), caption_hidden=True)


def _fields(
    told: dict[str, str], names: dict[str, str], error: TransferRefused | None
) -> list[ui.FieldView]:
    wrong = {error.field: error.words} if error else {}
    options = [ui.Option(code, name) for code, name in sorted(names.items())]
    return [
        ui.FieldView("function", _("Function of the bodies that will hold it"), "",
                     told["function"], "select", options, error=wrong.get("function", "")),
        ui.FieldView("body", _("One body alone (its code)"),
                     _("Leave it empty where each body of the function holds it for its division."),
                     told["body"], required=False, error=wrong.get("body", ""), maxlength=40),
        ui.FieldView("start", _("From"), "", told["start"], "date", error=wrong.get("start", "")),
        ui.FieldView("basis", _("Legal basis"), "", told["basis"], error=wrong.get("basis", ""),
                     maxlength=200),
        ui.FieldView("reason", _("Reason"), "", told["reason"], error=wrong.get("reason", ""),
                     maxlength=200),
    ]  # fmt: skip
