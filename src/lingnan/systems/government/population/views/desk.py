"""The police counter: find somebody, see the household, choose what is to be entered."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Actor, actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.standards.divisions import DivisionRegister
from lingnan.systems.government.population import opening, places
from lingnan.systems.government.population.acts import residences
from lingnan.systems.government.population.acts.events import person_of
from lingnan.systems.government.population.acts.households import members
from lingnan.systems.government.population.basis import OFFICER, POLICE
from lingnan.systems.government.population.models import (
    Correction,
    Household,
    LifeEvent,
    Resident,
)
from lingnan.systems.government.population.views import deeds, wording

SHOWN = 50


@allow(POLICE)
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """Find by number, today's or a former one; what waits for the head."""
    who = actor(request)
    refuse_noughts_posted(request)
    ask = ui.FieldView(
        "number", _("Resident number or household number"),
        _("A former number is found too. What you search for is written down."), maxlength=20,
    )  # fmt: skip
    fields, status, top = [ask], 200, list[ui.Notice]()
    if request.method == "POST":
        answers = ui.Answers(request)
        said, fields = answers.read(fields)
        address = _found(who, said["number"].upper()) if answers.good else ""
        if address:
            return redirect(address)
        status = 404 if answers.good else 422
        if answers.good:
            top = [ui.Notice("info", _("Nobody in your division has, or had, this number."))]
    base = "/desk/records/population"
    page = ui.Page(
        _("Household registration"),
        _("Births, deaths, moves, households and corrections at the counter."),
        top=[*top, ui.Form(fields, _("Find"))],
        links=[
            ui.Link(f"{base}/resident/", _("Residents")),
            ui.Link(f"{base}/household/", _("Households")),
            ui.Link(f"{base}/lifeevent/", pgettext("household registration", "Entries")),
            ui.Link(reverse("population-tables"), _("Population tables")),
        ],
        tables=[ui.Part(_waiting(who), _("Corrections that wait for a decision"))],
    )
    return ui.shown(request, page, status)


def _found(who: Actor, number: str) -> str:
    home = opening.home(who, number)
    if home is not None:
        return reverse("population-household", args=[opening.ref(home)])
    one = opening.found(who, number)
    if one is None:
        return ""
    opening.witness("record.listed", who, [one], search=number)
    return reverse("population-resident", args=[opening.ref(one)])


def _waiting(who: Actor) -> ui.Table:
    rows = Correction.objects.filter(state="proposed", division__startswith=opening.prefix(who))
    found = list(rows.order_by("key")[:SHOWN])
    opening.witness(
        "record.listed", who, list(Resident.objects.filter(key__in=[r.subject for r in found]))
    )
    lines: list[dict[str, ui.CellLike]] = [
        {
            "name": ui.Link(
                reverse("population-correction", args=[row.number]), row.name, about=row.number
            ),
            "kind": str(row.get_kind_display()),
            "on": ui.legal_date(row.proposed_on),
        }
        for row in found
    ]
    columns = [
        ui.Column("name", _("Resident")),
        ui.Column("kind", _("What is to be changed")),
        ui.Column("on", _("Proposed on")),
    ]
    empty = ui.Empty(_("Nothing waits"))
    return ui.Table(columns, lines, _("Corrections"), empty, caption_hidden=True)


@allow(POLICE)
@require_safe
def household(request: HttpRequest, ref: str) -> HttpResponse:
    """A household with its members; evidence first."""
    who = actor(request)
    home = opening.household(who, ref)
    rows = members(home.number)
    opening.witness("record.opened", who, rows)
    top: list[object] = [_home_panel(home)]
    if rows and rows[0].relation != "02" and home.kind == "family":
        top.insert(0, ui.Notice("warn", _("No head is on record"), _("Please appoint one.")))
    links = deeds.links("household", home, ref) if OFFICER.permits(who) else []
    page = ui.Page(
        _("Household"),
        top=top,
        links=links,
        tables=[ui.Part(_members(home, rows), _("Members"))],
        trail=ui.Trail([ui.Link(reverse("population-desk"), _("Household registration"))],
                       home.number),
    )  # fmt: skip
    return ui.shown(request, page)


def _home_panel(home: Household) -> ui.Panel:
    chip = ui.Chip("soft", _("Struck off")) if home.ended else ui.Chip("ok", _("On record"))
    return ui.Panel(
        home.number,
        [
            ui.Item(_("Dwelling address"), home.address),
            ui.Item(_("Kind of household"), str(home.get_kind_display())),
            ui.Item(_("Number of members"), str(home.size)),
            ui.Item(_("State"), chip),
        ],
    )


def _members(home: Household, rows: list[Resident]) -> ui.Table:
    lines: list[dict[str, ui.CellLike]] = [
        {
            "name": ui.Link(reverse("population-resident", args=[opening.ref(row)]), row.name),
            "relation": str(row.get_relation_display()) or "—",
            "sex": str(row.get_sex_display()),
            "born": ui.legal_date(row.birth_date),
            "address": row.address if row.address != home.address else "—",
        }
        for row in rows
    ]
    columns = [
        ui.Column("name", _("Resident")),
        ui.Column("relation", _("Relation to the head")),
        ui.Column("sex", _("Sex")),
        ui.Column("born", _("Date of birth")),
    ]
    if any(row.address != home.address for row in rows):
        columns.append(ui.Column("address", _("Another address than the household's")))
    empty = ui.Empty(_("Nobody lives here"))
    return ui.Table(columns, lines, _("Members"), empty, caption_hidden=True)


@allow(POLICE)
@require_safe
def resident(request: HttpRequest, ref: str) -> HttpResponse:
    """One resident with what was entered; evidence first."""
    who = actor(request)
    one = opening.resident(who, ref)
    opening.witness("record.opened", who, [one])
    home = Household.objects.filter(number=one.household).first()
    rows = LifeEvent.objects.filter(person=person_of(one.key), ended=False).order_by("-key")
    links = deeds.links("resident", one, ref) if OFFICER.permits(who) else []
    if home is not None:
        links.insert(
            0,
            ui.Link(reverse("population-household", args=[opening.ref(home)]), _("The household")),
        )
    page = ui.Page(
        _("Resident"),
        name=one.name,
        top=[panel(one), *_elsewhere(one)],
        links=links,
        tables=[
            ui.Part(
                wording.events(list(rows[:SHOWN])), pgettext("household registration", "Entries")
            )
        ],
        trail=ui.Trail([ui.Link(reverse("population-desk"), _("Household registration"))],
                       _("Resident")),
    )  # fmt: skip
    return ui.shown(request, page)


def panel(one: Resident) -> ui.Panel:
    """Who somebody is and where; the county of the number by the name it had at birth."""
    known, today = places.register(), legal_time.today()
    return ui.Panel(
        _("As the register says"),
        [
            ui.Item(_("Full name"), one.name),
            ui.Item(_("Resident number"), one.resident_number, _issued_in(known, one)),
            ui.Item(_("Sex"), str(one.get_sex_display())),
            ui.Item(_("Date of birth"), ui.legal_date(one.birth_date)),
            ui.Item(_("Dwelling address"), one.address, places.named(known, one.division, today)),
            ui.Item(_("Registered in"), places.named(known, one.domicile, today)),
            ui.Item(_("Household number"), one.household, str(one.get_relation_display())),
            ui.Item(_("State"), wording.standing(one)),
        ],
    )  # fmt: skip


def _issued_in(known: DivisionRegister, one: Resident) -> str:
    """The county of a number by its name at birth; nothing of a code that this register lacks."""
    code = one.resident_number[:6]
    name = places.named(known, code, one.birth_date)
    return "" if name == code else name


def _elsewhere(one: Resident) -> list[ui.Panel]:
    row = residences.of(one)
    if row is None:
        return []
    until = ui.legal_date(row.permit_until) if row.permit_until else "—"
    return [
        ui.Panel(
            _("Residence of somebody registered elsewhere"),
            [
                ui.Item(_("Residence registered on"), ui.legal_date(row.registered_on)),
                ui.Item(_("Number of the permit"), row.permit or "—"),
                ui.Item(_("Permit endorsed until"), until),
            ],
        )
    ]
