"""What anybody sees: a firm's public events, the joint lists, reports and their verification."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingnan.kernel.trust.api import PUBLIC, allow, refuse_noughts_posted, sealed_documents
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.credit import reports
from lingnan.systems.government.credit.models import CreditEvent, Listing, Report
from lingnan.systems.government.credit.registered import lists_of
from lingnan.systems.government.credit.rules import lists
from lingnan.systems.government.credit.standing import found_publicly, node_body, public_events
from lingnan.systems.government.credit.views import wording
from lingnan.systems.government.credit.views.events import event_table
from lingnan.systems.government.credit.views.firm import list_part

PAGE, LONGEST = 25, 120


@allow(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Search by the exact name or credit code; what is typed stands in no address."""
    refuse_noughts_posted(request)
    said = ui.Answers(request)
    words = said.text("q", LONGEST)
    if said.posted and not words:
        said.wrong["q"] = _("Please give a name or a credit code.")
    label, hint = _("Full name or credit code"), _("Exactly as registered")
    field = said.field("q", label, hint=hint, maxlength=LONGEST, autocomplete="off")
    codes = found_publicly(words) if said.good else []
    top = []
    if said.good and not codes:
        text = _("Nothing is published of this name or code.")
        top.append(ui.Notice("info", _("Nothing found"), text))
    page = ui.Page(
        _("Credit of firms"),
        _("What bodies of government have decided and the law makes public, as long as it may be."),
        top,
        _links(),
        [*(_of_firm(code) for code in codes), *_lists(request, codes)],
        first=[ui.Form([field], _("Search"))],
    )
    return ui.shown(request, page, 422 if said.wrong else 200)


def _links() -> list[ui.Link]:
    return [
        ui.Link(reverse("credit-list", args=["punishment"]), _("Joint punishment list")),
        ui.Link(reverse("credit-list", args=["incentive"]), _("Joint incentive list")),
        ui.Link(reverse("credit-verify"), _("Verify a credit report")),
        ui.Link(reverse("credit-mine"), _("My own credit")),
    ]


def _lists(request: HttpRequest, codes: list[str]) -> list[ui.Part]:
    """What the register of firms makes public of them; each reading is written down."""
    if not codes:
        return []
    return [list_part(lists_of(codes, node_body().code, _by(request)))]


def _by(request: HttpRequest) -> str:
    who = getattr(request, "actor", None)
    return str(who.signature) if who else "guest"


def _of_firm(code: str) -> ui.Part:
    events = public_events(code)
    act = ui.Act(reverse("credit-report"), _("Get a sealed report"), {"code": code}, code)
    table = event_table(events, _("Credit events"))
    return ui.Part(table, code, events[0].name, acts=[act])


@allow(PUBLIC)
@require_safe
def joint_list(request: HttpRequest, name: str) -> HttpResponse:
    """Who is on a joint list, 25 at a time, and what follows from it."""
    if name not in lists.LISTS:
        raise Http404
    rows = Listing.objects.filter(list=name, state="entered", ended=False).order_by("number")
    found = list(rows.filter(number__gt=request.GET.get("after", "")[:48])[: PAGE + 1])
    more = f"?after={found[PAGE - 1].number}" if len(found) > PAGE else None
    words = str(dict(Listing.LISTS)[name])
    title = words[:1].upper() + words[1:]
    columns = [
        ui.Column("name", _("About")),
        ui.Column("why", _("Reason")),
        ui.Column("on", _("Entered on")),
    ]
    disputed = _disputed(found)
    lines: list[dict[str, ui.CellLike]] = [
        {
            "name": ui.Cell(row.name, row.credit_code),
            "why": ui.Cell(row.why, _("Objection being handled") if row.event in disputed else ""),
            "on": ui.legal_date(row.entered_on),
        }
        for row in found[:PAGE]
    ]
    empty = ui.Empty(_("Nobody is on this list"))
    table = ui.Table(columns, lines, title, empty, next_url=more, caption_hidden=True)
    trail = ui.Trail([ui.Link(reverse("credit"), _("Credit of firms"))], title)
    measures = ui.Part(_measures(name), _("What follows from it"))
    return ui.shown(request, ui.Page(title, tables=[ui.Part(table), measures], trail=trail))


def _disputed(rows: list[Listing]) -> set[str]:
    """Numbers of the events behind these entries that somebody objects to."""
    numbers = [row.event for row in rows]
    events = CreditEvent.objects.filter(number__in=numbers, disputed=True)
    return set(events.values_list("number", flat=True))


def _measures(name: str) -> ui.Table:
    language = "en" if get_language() == "en" else "zh"
    columns = [
        ui.Column("what", _("Measure")),
        ui.Column("body", _("Body that acts")),
        ui.Column("duty", _("Must or may")),
        ui.Column("basis", _("Legal basis")),
    ]
    rows: list[dict[str, ui.CellLike]] = [
        {
            "what": one["what"][language],
            "body": one["body"][language],
            "duty": ui.Chip("warn", _("must")) if one["duty"] == "must" else _("may"),
            "basis": wording.basis(one["basis"]),
        }
        for one in lists.measures()
        if one["list"] == name
    ]
    return ui.Table(columns, rows, _("What follows from it"), caption_hidden=True)


@allow(PUBLIC)
@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """A sealed public report of a firm of which something is public."""
    refuse_noughts_posted(request)
    made = reports.public(ui.Answers(request)["code"][:18], _by(request))
    if made is None:
        raise Http404
    return redirect("credit-verify-number", number=made.number)


@allow(PUBLIC)
@require_safe
def report_file(request: HttpRequest, number: str) -> HttpResponse:
    """The file of a public report."""
    found = Report.objects.filter(number=number, kind="public").first()
    if found is None:
        raise Http404
    return pdf(found)


def pdf(found: Report) -> HttpResponse:
    answer = HttpResponse(sealed_documents.newest(bytes(found.pdf)), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{found.number}.pdf"'
    return answer


@allow(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Verify a report by its number, or by the file that one holds."""
    refuse_noughts_posted(request)
    asked = ui.sought(request, _("Number of the report"), _("Or the report's file"))
    if asked.file is not None:
        return ui.shown(request, _verdict(reports.of_file(asked.file)))
    if asked.number:
        return redirect("credit-verify-number", number=asked.number)
    lead = _("Anybody may verify. A changed byte is found.")
    page = ui.Page(_("Verify a credit report"), lead, forms=[asked.form], trail=_trail())
    return ui.shown(request, page, asked.status)


def _trail() -> ui.Trail:
    return ui.Trail([ui.Link(reverse("credit"), _("Credit of firms"))], _("Verify"))


@allow(PUBLIC)
@require_safe
def verify_number(request: HttpRequest, number: str) -> HttpResponse:
    verdict = reports.of_number(number)
    return ui.shown(request, _verdict(verdict), 404 if verdict.state == "unknown" else 200)


def _verdict(verdict: reports.Verdict) -> ui.Page:
    found, top = verdict.report, [notice(verdict)]
    links = [ui.Link(reverse("credit-verify"), _("Verify another"))]
    panels = []
    if found is not None:
        items = [
            ui.Item(_("Number of the report"), found.number),
            ui.Item(_("Kind of report"), str(found.get_kind_display())),
            ui.Item(_("About"), ui.Cell(found.name, found.credit_code)),
            ui.Item(_("Report issued on"), ui.legal_date(found.issued_on)),
            ui.Item("SHA-256", found.sha256),
        ]
        panels.append(ui.Panel(_("The report issued"), items))
        if found.kind == "public":
            way = reverse("credit-report-file", args=[found.number])
            links.append(ui.Link(way, _("The report as a file")))
    title = _("Verify a credit report")
    return ui.Page(title, top=[*top, *panels], links=links, trail=_trail())


def notice(verdict: reports.Verdict) -> ui.Notice:
    """What is known of a report, in words."""
    titles = {
        "genuine": _("This report is genuine"),
        "issued": _("A report with this number was issued"),
        "superseded": _("This report is superseded"),
        "unknown": _("There is no report with this number"),
        "foreign": _("This file bears no seal"),
        "altered": _("This file was changed"),
    }
    text = ""
    if verdict.newer_on is not None:
        said = _("It was issued as shown, but a report of %(day)s says something else.")
        text = said % {"day": ui.legal_date(verdict.newer_on)}
    return ui.verdict(verdict.state, titles.get(verdict.state, ""), text)
