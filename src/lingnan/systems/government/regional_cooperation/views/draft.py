"""Writing an arrangement: of what, for whom on the other side, for what, how often, until when."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.exchange.api import Resource, partners
from lingnan.kernel.runtime.api import Title, legal_time
from lingnan.kernel.trust.api import Actor, actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.regional_cooperation.purposes import PURPOSES
from lingnan.systems.government.regional_cooperation.views import rights, wording

YEAR, MOST_OPTIONS = 365, 30


@allow(rights.DRAFTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest) -> HttpResponse:
    """First with whom and of what, in the address; then the rest."""
    refuse_noughts_posted(request)
    who = actor(request)
    offered, known = rights.offered_by(who), partners.directories.partners()
    if rights.founder() is None or not offered:
        raise Http404
    partner = next((one for one in known if one.instance == request.GET.get("partner")), None)
    resource = offered.get(request.GET.get("resource", ""))
    said, words = ui.Answers(request), request.GET.get("q", "").strip()[:40]
    if partner is None or resource is None:
        return ui.shown(request, _choose(offered, known))
    values: dict[str, Any] = {}
    fields, fault = _fields(partner, resource, words), ""
    if said.posted:
        if not said.whole("per_day", partners.rules.MOST_A_DAY):
            said.wrong.setdefault("per_day", _("At least once a day."))
        values, fields = said.read(fields)
    if said.good:
        try:
            made = _drafted(partner, resource, values, said, who)
        except partners.concluding.NotPossible as refused:
            fault = wording.refusal(refused.why)
        except partners.documents.NotADocument as lacking:
            values, fields = _lacking(said, lacking, fields)
        else:
            messages.success(request, _("Written. The head of the data authority signs it."))
            return redirect(wording.link(made))
    return ui.shown(request, _page(partner, resource, fields, fault), 422 if said.posted else 200)


def _lacking(
    said: ui.Answers, problem: partners.documents.NotADocument, fields: list[ui.FieldView]
) -> tuple[Any, list[ui.FieldView]]:
    """What the law asks for more, beside the field that it concerns."""
    said.wrong |= dict(problem.fields) or {"basis": _("This cannot stand so.")}
    return said.read(fields)


def _drafted(
    partner: partners.Partner, resource: Resource, values: dict[str, Any], said: ui.Answers,
    who: Actor,
) -> partners.Arrangement:  # fmt: skip
    here = rights.founder()
    assert here is not None
    titled, names = partners.documents.titled, dict(_bodies(partner))
    text = partners.documents.Said(
        number=partners.concluding.new_number(), giver=here.instance, asker=partner.instance,
        kind=partner.kind, anchors={here.instance: here.anchor, partner.instance: partner.anchor},
        resource=resource.code, resource_title=titled(resource.title), subject=resource.subject,
        elements={code: titled(resource.elements[code]) for code in values["elements"]},
        bodies={code: names[code] for code in values["bodies"]},
        purpose=values["purpose"], purpose_title=titled(PURPOSES[values["purpose"]]),
        basis=values["basis"], consent=said.ticked("consent"), per_day=int(values["per_day"]),
        since=values["since"].isoformat(), until=values["until"].isoformat(),
        judicial=said.ticked("judicial"), approval=values.get("approval", ""),
        assessment=values.get("assessment", ""), contact=values.get("contact", ""),
    )  # fmt: skip
    return partners.concluding.draft(text, who)


def _bodies(partner: partners.Partner, words: str = "") -> list[tuple[str, str]]:
    """The other side's members, by its directory, in whose name the words stand."""
    known = partners.directories.known(partner)
    rows = known.names.items() if known is not None else []
    spoken = {one for peer in (known.peers if known is not None else ()) for one in peer.members}
    longest = partners.documents.CONSUMER - len(partner.instance) - 1
    return sorted(
        (one.member, name) for one, name in rows
        if not one.subsystem and one in spoken and len(one.member) <= longest and words in name
    )  # fmt: skip


def _fields(partner: partners.Partner, resource: Resource, words: str) -> list[ui.FieldView]:
    today = legal_time.today()
    crosses = partners.rules.crosses(partner.kind)
    person = resource.subject == rights.PERSONS
    known = _bodies(partner, words)
    few = _("The first %(n)s of %(all)s: go back and give words of their names.") % {
        "n": MOST_OPTIONS, "all": f"{len(known):,}",
    }  # fmt: skip
    fields = [
        ui.FieldView("elements", _("What may be asked"), kind="checkbox",
                     options=ui.options(resource.elements)),
        ui.FieldView("bodies", _("Which bodies of the other side"), kind="checkbox",
                     options=ui.options(known[:MOST_OPTIONS]),
                     hint=few if len(known) > MOST_OPTIONS else ""),
        ui.FieldView("purpose", _("For what"), kind="select", options=ui.options(PURPOSES)),
        ui.FieldView("basis", _("Legal basis"), resource.basis, maxlength=175),
        ui.FieldView("per_day", _("Times a day, each body"), kind="number", inputmode="numeric",
                     options=(), maxlength=5),
        ui.FieldView("since", pgettext("arrangement", "From"), kind="date",
                     value=today.isoformat()),
        ui.FieldView("until", pgettext("arrangement", "Until"), kind="date",
                     value=(today + timedelta(days=YEAR)).isoformat()),
    ]  # fmt: skip
    if person:
        fields.append(ui.FieldView("consent", _("Only with each person's consent"),
                                   kind="checkbox", required=crosses, value="1" if crosses else "",
                                   hint=partners.rules.INFORMED if crosses else ""))  # fmt: skip
    if person and crosses:
        fields += [
            ui.FieldView("assessment", _("Number of the security assessment"),
                         partners.rules.ASSESSED, maxlength=120),
            ui.FieldView("contact", _("How a person reaches the receiver and exercises rights"),
                         partners.rules.INFORMED, maxlength=300),
        ]  # fmt: skip
    if partner.kind == "abroad":
        fields += [
            ui.FieldView("judicial", _("The bodies are courts, prosecutors or police"),
                         kind="checkbox", required=False),
            ui.FieldView("approval", _("Number of the competent authority's approval"),
                         partners.rules.APPROVED, required=False, maxlength=120),
        ]  # fmt: skip
    return fields


def _choose(offered: dict[str, Resource], known: list[partners.Partner]) -> ui.Page:
    places = [(one.instance, str(Title(one.title_zh, one.title_en))) for one in known]
    fields = [
        ui.FieldView("partner", _("With"), kind="select", options=ui.options(places)),
        ui.FieldView("resource", pgettext("arrangement", "What"), kind="select",
                     options=[ui.Option(code, str(one.title)) for code, one in offered.items()]),
        ui.FieldView("q", _("Words in the names of the bodies that are to ask"), required=False,
                     maxlength=40),
    ]  # fmt: skip
    words = _("One resource, for one purpose, to named bodies of the other side.")
    top = []
    if not known:
        top = [
            ui.Notice(
                "info",
                _("No other instance is entered"),
                _("An operator enters it at the machine: ./lingnan cooperate ADDRESS"),
            )
        ]
    return ui.Page(
        _("Write an arrangement"), words, top=top, trail=_trail(),
        first=[ui.Filter(fields, _("Go on"))] if known else [],
    )  # fmt: skip


def _page(
    partner: partners.Partner, resource: Resource, fields: list[ui.FieldView], fault: str
) -> ui.Page:
    kinds = dict(partners.Partner.KINDS)
    place = str(Title(partner.title_zh, partner.title_en))
    top: list[Any] = [ui.Notice("late", _("This was not done"), fault)] if fault else []
    items = [
        ui.Item(_("With"), place, str(kinds[partner.kind])),
        ui.Item(pgettext("arrangement", "What"), str(resource.title), str(resource.condition)),
        ui.Item(_("Passed on"), _("to nobody: no arrangement allows it")),
    ]  # fmt: skip
    top.append(ui.Panel(_("What it is about"), items, note=wording.law_of(partner.kind)))
    return ui.Page(_("Write an arrangement"), top=top, trail=_trail(),
                   forms=[ui.Form(fields, _("Write it down"))])  # fmt: skip


def _trail() -> ui.Trail:
    return ui.Trail([ui.Link(wording.HERE, pgettext("partners", "Regional cooperation"))])
