"""The officers' desk: figures, what waits, one application checked and issued."""

from collections import Counter
from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.duty.api import NotYours, TaskGone, tasks
from lingnan.kernel.runtime.api import Conflict
from lingnan.kernel.trust.api import (
    Actor,
    KeyStoreUnavailable,
    actor,
    allow,
    official,
    refuse_noughts_posted,
)
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.trust_services.acts import deciding
from lingnan.systems.government.trust_services.acts.applying import RENEWABLE
from lingnan.systems.government.trust_services.acts.refusals import Refused
from lingnan.systems.government.trust_services.models import OFFICERS, CertificateApplication
from lingnan.systems.government.trust_services.views import acting, wording
from lingnan.systems.government.trust_services.views.seen import in_sight

OFFICER = official("certificate_officer", functions=("data",))
SHOWN, MONTHS = 50, 12


@allow(OFFICERS)
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """How many certificates stand how, what was issued by month, and what waits for the post."""
    who = actor(request)
    links = [
        ui.Link(reverse("certification-register"), _("Register of certificates")),
        ui.Link("/desk/records/trust_services/certificateapplication/", _("All applications")),
        ui.Link(reverse("certification-recoveries"), _("Key recoveries")),
        ui.Link(reverse("certification-ceremonies"), _("Key ceremonies")),
        ui.Link(reverse("certification"), _("What everybody sees of the authorities")),
    ]
    page = ui.Page(
        _("Certification authority"),
        _("Certificates of bodies, officials, firms, systems and nodes in your division."),
        top=[wording.Figures(_figures(who))],
        links=links,
        tables=[ui.Part(_waiting(who), _("Waits for you"))],
        after=[_by_month(who)],
    )
    return ui.shown(request, page)


def _figures(who: Actor) -> list[ui.Kpi]:
    now = timezone.now()
    rows = in_sight(who).filter(not_after__gt=now)
    good = rows.filter(state="good")
    soon = good.filter(not_after__lte=now + RENEWABLE).count()
    held = rows.filter(state="suspended").count()
    prefix = who.division.rstrip("0") if who.division[2:] != "0000" else who.division[:2]
    open_ = CertificateApplication.objects.filter(
        division__startswith=prefix, state__in=CertificateApplication.OPEN
    )
    base = reverse("certification-register")
    return [
        ui.Kpi(_("In force"), f"{good.count():,}", url=f"{base}?state=good"),
        ui.Kpi(_("End within 30 days"), f"{soon:,}", kind="warn" if soon else "ok",
               url=f"{base}?state=soon"),
        ui.Kpi(_("Suspended now"), f"{held:,}", url=f"{base}?state=suspended"),
        ui.Kpi(_("Applications open"), f"{open_.count():,}"),
    ]  # fmt: skip


def _waiting(who: Actor) -> ui.Table:
    rows = tasks.open_for(who.body, who.role).filter(link__startswith="/desk/certification/")
    lines: list[dict[str, ui.CellLike]] = [
        {
            "what": ui.Cell(ui.Link(row.link, str(row.title)), row.reference),
            "about": row.about,
            "since": ui.legal_date(row.opened_at.date()),
        }
        for row in rows[:SHOWN]
    ]
    columns = [
        ui.Column("what", _("To do")),
        ui.Column("about", _("About")),
        ui.Column("since", _("Since")),
    ]
    return wording.table(columns, lines, _("Waits for you"), _("Nothing waits for you"))


def _by_month(who: Actor) -> ui.BarChart:
    """The chart of what was issued in each of the last months, in system time."""
    today = timezone.localtime()
    first = (today.replace(day=1) - timedelta(days=31 * (MONTHS - 1))).replace(day=1)
    begun = in_sight(who).filter(not_before__gte=first.replace(hour=0, minute=0, second=0))
    moments = begun.values_list("not_before", flat=True)
    counted = Counter(f"{timezone.localtime(at):%Y-%m}" for at in moments)
    months = sorted(counted)[-MONTHS:]
    rows = [ui.ChartRow(month, counted[month]) for month in months]
    title = _("%(count)s certificates were issued in the last twelve months") % {
        "count": f"{sum(counted.values()):,}"
    }
    return ui.BarChart(title, rows, _("Month"), _("Issued certificates"))


@allow(OFFICER)
@require_http_methods(["GET", "HEAD", "POST"])
def application(request: HttpRequest, number: str) -> HttpResponse:
    """One application: an officer checks who applies, another issues, either refuses."""
    who = actor(request)
    refuse_noughts_posted(request)
    rows = CertificateApplication.objects.filter(number=number, handler=who.body)
    found = rows.first()
    if found is None:
        raise Http404
    said = ui.Answers(request)
    if said.posted and _done(found, who, said):
        messages.success(request, _("It is on record."))
        return redirect("certification-application", number=number)
    top = [ui.Notice("late", words) for field, words in said.wrong.items() if field == "act"]
    page = ui.Page(
        _("Application for a certificate"),
        top=[*top, _asked(found), _handled(found)],
        forms=_forms(found, who, said),
        trail=ui.Trail([ui.Link(reverse("certification-desk"), _("Certification authority"))]),
        name=found.name,
        code=found.number,
    )
    return ui.shown(request, page, 422 if said.wrong else 200)


def _asked(found: CertificateApplication) -> ui.Panel:
    key = _("The holder, who proved to have it") if found.own_key else _("This node, made at issue")
    items = [
        ui.Item(_("Kind of holder"), str(found.get_kind_display())),
        ui.Item(_("Name in the certificate"), found.name),
        ui.Item(_("Organisation"), found.organisation or "—", found.organisation_code),
        ui.Item(_("Host names"), ui.listed(found.host_names) if found.hosts else "—"),
        ui.Item(_("Algorithm"), str(found.get_algorithm_display())),
        ui.Item(_("Key kept by"), key),
        ui.Item(_("Encryption certificate"), _("wanted") if found.encryption else _("not wanted")),
        ui.Item(_("Days of validity"), found.days),
        ui.Item(_("Renews"), wording.spaced(found.renews) if found.renews else "—"),
        ui.Item(_("Applied by"), found.applicant_name, _known(found)),
        ui.Item(_("Filed on"), ui.legal_date(found.filed_on)),
    ]
    return ui.Panel(_("Application"), items, found.record.basis)


def _known(found: CertificateApplication) -> str:
    """What the node itself knows about who applies: the officers check the rest."""
    if found.kind != "resident":
        return ""
    return (
        _("Named as in the register of residents, which was asked over the exchange")
        if found.from_register
        else _("The register of residents did not answer: the name is the account's")
    )


def _handled(found: CertificateApplication) -> ui.Panel:
    items = [
        ui.Item(_("State"), wording.application_chip(found), found.refusal),
        ui.Item(_("Identity checked by"), found.checked_name or "—", found.found),
        ui.Item(pgettext("certificate", "Issued by"), found.issued_name or "—"),
    ]
    if found.state == "issued" and found.kind in ("resident", "firm"):
        items.append(
            ui.Item(_("Changes of the holder"), _("told by the registers; the certificate is then"
                                                  " suspended") if found.followed
                    else _("not told: no agreement, or the register is not here"))
        )  # fmt: skip
    if found.serial:
        way = reverse("certification-certificate", args=[found.serial])
        items.append(ui.Item(_("Key certificate"), ui.Link(way, wording.spaced(found.serial))))
    return ui.Panel(_("Handling"), items)


def _forms(found: CertificateApplication, who: Actor, said: ui.Answers) -> list[ui.Form]:
    if found.state not in found.OPEN:
        return []
    words = said.field("reason", _("Reason of the refusal"), kind="textarea", maxlength=400, rows=3)
    refuse = ui.Form([words], _("Refuse the application"), _("Refuse"), "refuse")
    if found.applicant == who.account:
        return []
    if found.state == "filed":
        hint = _("Which papers or registers show that the applicant is who they say")
        seen = said.field(
            "found", _("What was checked"), hint=hint, kind="textarea", maxlength=400, rows=3
        )
        return [
            ui.Form([seen], _("The identity is right"), _("Check of identity"), "check"),
            refuse,
        ]
    note = _("Somebody other than who checked the identity issues.")
    return [ui.Form([], _("Issue the certificate"), _("Issue"), "issue", note), refuse]


def _done(found: CertificateApplication, who: Actor, said: ui.Answers) -> bool:
    """Do what was posted; False where something has to be put right."""
    try:
        if said.act == "check":
            text = said.text("found", 400)
            if said.good:
                deciding.check(found, who, text)
        elif said.act == "refuse":
            text = said.text("reason", 400)
            if said.good:
                deciding.refuse(found, who, text)
        else:
            deciding.issue(found, who)
    except Refused as refused:
        said.wrong["act"] = wording.refusal(refused.code)
    except KeyStoreUnavailable:
        said.wrong["act"] = acting.unavailable()
    except (TaskGone, NotYours, Conflict):
        said.wrong["act"] = wording.refusal("done")
    return said.good
