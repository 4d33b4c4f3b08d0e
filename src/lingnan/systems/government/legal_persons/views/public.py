"""What everybody may see of an enterprise: what is registered, not who controls it in the end.

公司法 (2023-12-29) Art. 32 and 40, 企业信息公示暂行条例 (2014-08-07) Art. 6 and 10: registered
particulars, shareholders, capital subscribed and paid. Who benefits in the end is filed
(市场主体登记管理条例 (2021-07-27) Art. 9 (8)), and bodies use it for their duties (反洗钱法
(2024-11-08) Art. 19); no rule that publishes it was found.
"""

from typing import Any

from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.runtime.api import Conflict, legal_time
from lingnan.kernel.trust.api import PUBLIC, RESIDENT, actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.legal_persons import cancellation
from lingnan.systems.government.legal_persons.finding import find, former_identifiers
from lingnan.systems.government.legal_persons.firms import branches_of, closing_of, entries_of
from lingnan.systems.government.legal_persons.holdings import YUAN, holdings_of
from lingnan.systems.government.legal_persons.models import (
    AnnualReport,
    Branch,
    Closing,
    Enterprise,
    FormerIdentifier,
)
from lingnan.systems.government.legal_persons.reporting import figures, reports_of
from lingnan.systems.government.legal_persons.setting_up import Refused
from lingnan.systems.government.legal_persons.views import chips, lists, published, tables
from lingnan.systems.government.legal_persons.views.frame import plain_table, refused
from lingnan.systems.government.legal_persons.views.own_forms import figure_words
from lingnan.systems.government.legal_persons.views.registrar import closing_panel

BASIS = (
    "《公司法》（2023-12-29）第三十二条、第四十条；"
    "《企业信息公示暂行条例》（2014-08-07）第六条、第十条"
)


@allow(PUBLIC)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Enterprises by the beginning of the name, or by a whole identifier."""
    said = request.GET.get("q", "").strip()[:120]
    found = find(Enterprise.objects.filter(ended=False), said) if said else []
    rows = [(row, reverse("enterprise", args=[row.credit_code])) for row in found]
    context = {
        "title": _("Enterprises"),
        "field": search_field(said),
        "table": tables.enterprises(rows) if said else None,
        "links": [
            ui.Link(reverse("enterprise-list", args=["abnormal"]), _("List of abnormal cases")),
            ui.Link(reverse("enterprise-list", args=["serious"]), _("List of serious breaches")),
            ui.Link(reverse("enterprise-licence-verify"), _("Verify a licence")),
            ui.Link(reverse("enterprise-enquiries"), _("Find an answer")),
        ],
    }
    return render(request, "legal_persons/search.html", context)


def search_field(said: str) -> ui.FieldView:
    label = _("Name or code of the enterprise")
    hint = _("Also by the registration number or organisation code that it had before 2015")
    return ui.FieldView("q", label, hint=hint, value=said, maxlength=120, required=False)


def former_items(code: str) -> list[ui.Item]:
    return [_former(row) for row in former_identifiers(code)]


def _former(row: FormerIdentifier) -> ui.Item:
    if row.replaced_on is None:
        return ui.Item(row.get_kind_display(), row.value)
    note = _("replaced by the credit code on %(day)s") % {"day": ui.legal_date(row.replaced_on)}
    return ui.Item(row.get_kind_display(), row.value, note)


@allow(PUBLIC)
@require_safe
def enterprise(request: HttpRequest, code: str) -> HttpResponse:
    """One enterprise: its state, particulars, shareholders, branches, lists, reports.

    A cancelled one stays findable by its whole code, and says that it is no more.
    """
    found = Enterprise.objects.filter(credit_code=code).first()
    if found is None:
        raise Http404
    panel = ui.Panel(
        _("Registered particulars"),
        [
            ui.Item(_("State"), chips.firm(found), _since(found)),
            ui.Item(_("Credit code"), found.credit_code),
            *former_items(code),
            ui.Item(_("Legal representative"), found.representative),
            ui.Item(_("Supervisors"), found.supervisors or "—"),
            ui.Item(_("Registered capital"), ui.money(found.capital * YUAN)),
            ui.Item(_("Business scope"), found.scope),
            ui.Item(_("Registered premises"), found.premises),
            ui.Item(_("Registered on"), ui.legal_date(found.registered_on)),
            ui.Item(_("Why this is public"), BASIS),
        ],
    )
    closing = Closing.objects.filter(company=code, ended=False).order_by("-key").first()
    entries = lists.public_entries(entries_of(code))
    context = {
        "enterprise": found,
        "panel": panel,
        "closing": closing_panel(closing) if closing else None,
        "object": reverse("enterprise-objection", args=[code]) if _open(closing) else "",
        "holders": tables.holders(found, holdings_of([code])),
        "branches": branch_table(branches_of(code)),
        "entries": lists.entry_table(entries),
        "reports": report_table(reports_of(code)),
        "published": published.page_of(request, code),
        "enquiry": reverse("enterprise-enquiry", args=[code]),
        "trail": ui.Trail([ui.Link(reverse("enterprises"), _("Enterprises"))], found.name),
    }
    return render(request, "legal_persons/enterprise.html", context)


def _open(closing: Closing | None) -> bool:
    if closing is None or closing.state != "public":
        return False
    return legal_time.today() <= closing.open_until


def _since(found: Enterprise) -> str:
    if found.ended:
        return ui.legal_date(found.valid_from)
    return ui.legal_date(found.revoked_on) if found.revoked_on else ""


def branch_table(rows: list[Branch], desk: bool = False) -> ui.Table:
    lines: list[dict[str, ui.CellLike]] = [
        {
            "name": ui.Cell(_branch_name(one, desk), one.credit_code),
            "head": one.head,
            "premises": one.premises,
        }
        for one in rows
    ]
    columns = [("name", _("Name")), ("head", _("Person in charge")), ("premises", _("Premises"))]
    return plain_table(columns, lines, _("Branches"), _("It has no branch"))


def _branch_name(one: Branch, desk: bool) -> Any:
    url = reverse("registration-branch", args=[one.credit_code])
    return ui.Link(url, one.name) if desk else one.name


def report_table(rows: list[AnnualReport]) -> ui.Table:
    """Reports with what is public of them, and what each said before it was corrected."""
    words = figure_words()
    lines: list[dict[str, ui.CellLike]] = [
        {
            "year": ui.Cell(str(one.year), ui.legal_date(one.published_on)),
            "condition": ui.Cell(str(one.get_condition_display()), one.website),
            "contact": ui.Cell(one.address, f"{one.phone} {one.email}".strip()),
            "figures": ui.Cell(
                ui.listed(f"{words[name]} {value:,}" for name, value in figures(one).items())
                or _("not shown by choice"),
                _before(one),
            ),
        }
        for one in rows
    ]
    columns = [
        ("year", _("Year")),
        ("condition", _("Condition")),
        ("contact", _("Address for letters")),
        ("figures", _("Figures")),
    ]
    return plain_table(columns, lines, _("Annual reports"), _("No report is on record"))


def _before(one: AnnualReport) -> str:
    """企业信息公示暂行条例 Art. 12: before and after a correction are public together."""
    if one.version == 1:
        return ""
    earlier: Any = AnnualReport.Version.objects.filter(key=one.key, version__lt=one.version)
    words = _("Corrected on %(day)s; before: %(words)s")
    said = " / ".join(_made_public(row) for row in earlier.order_by("version"))
    return words % {"day": ui.legal_date(one.valid_from), "words": said}


def _made_public(row: Any) -> str:
    """All of a version of a report that everybody could see."""
    words, conditions = figure_words(), dict(AnnualReport.CONDITIONS)
    told = [str(conditions[row.condition]), row.address, row.phone, row.email, row.website]
    told += [f"{words[name]} {value:,}" for name, value in figures(row).items()]
    return ui.listed(filter(None, told))


@allow(RESIDENT)
@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: HttpRequest, code: str) -> HttpResponse:
    """Object to a published cancellation, or claim in it, while it is open."""
    who = actor(request)
    closing = closing_of(code)
    if closing is None:
        raise Http404
    refuse_noughts_posted(request)
    said, top, status = ui.Answers(request, "object"), list[ui.Notice](), 200
    said.text("grounds", 400)
    if said.posted:
        status = 422
    if said.good:
        try:
            cancellation.object_to(closing, who, said["grounds"])
            return redirect("enterprise", code=code)
        except Refused as why:
            top, status = [refused(why)], 409
        except (Conflict, IntegrityError):
            top, status = [ui.Notice("warn", _("Please send it again."))], 409
    title = _("Object or claim")
    fields = [said.field("grounds", _("Grounds of the objection"), kind="textarea", maxlength=400)]
    note = _("The registrar and the enterprise see your name.")
    back = ui.Link(reverse("enterprise", args=[code]), _("Enterprise"))
    page = ui.Page(
        title,
        top=[*top, closing_panel(closing)],
        forms=[ui.Form(fields, _("Send"), title, "object", note)],
        trail=ui.Trail([back], title),
        name=closing.name,
    )
    return ui.shown(request, page, status)
