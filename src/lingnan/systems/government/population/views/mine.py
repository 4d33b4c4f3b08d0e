"""What the register holds about a resident, for themselves."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.exchange.api import introduce
from lingnan.kernel.registry.api import asking
from lingnan.kernel.trust.api import APPLICANT, RESIDENT, acting, actor, allow, under
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.population import finding_self
from lingnan.systems.government.population.acts.households import members
from lingnan.systems.government.population.models import LifeEvent, Resident
from lingnan.systems.government.population.views import desk, wording

OWN = under(RESIDENT, acting.RECORD)


@allow(OWN)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Own record, own household by names, what was entered, and the way to who looked."""
    who = actor(request)
    one = finding_self.resident_of(who)
    if one is None:
        raise Http404
    person = introduce(who.subject, to="population")
    rows = LifeEvent.objects.filter(person=person, ended=False).order_by("-key")
    lines: list[dict[str, ui.CellLike]] = [
        {"name": other.name, "relation": str(other.get_relation_display()) or "—"}
        for other in members(one.household)
    ]
    columns = [ui.Column("name", _("Full name")), ui.Column("relation", _("Relation to the head"))]
    page = ui.Page(
        _("My own registration"),
        _("Everything that the register of residents says about you."),
        top=[*asking.notices(Resident, who, one.key), desk.panel(one)],
        links=[
            ui.Link(reverse("population-doubt"), _("Doubt a fact about me")),
            ui.Link("/looked/", _("Who looked at my data")),
        ],
        tables=[
            ui.Part(ui.Table(columns, lines, _("My household"), caption_hidden=True),
                 _("My household")),
            ui.Part(wording.events(list(rows[:50])), _("What was entered")),
        ],
        after=[ui.Notice("info", _("Is something wrong?"),
                         _("Doubt it here, or tell the police counter with papers."))],
    )  # fmt: skip
    return ui.shown(request, page)


@allow(APPLICANT)
@require_http_methods(["GET", "HEAD", "POST"])
def doubt(request: HttpRequest) -> HttpResponse:
    """The form by which a resident doubts what the register says about them."""
    who = actor(request)
    one = finding_self.resident_of(who)
    if one is None:
        raise Http404
    own = reverse("population-mine")
    return asking.ask(request, who, Resident, one, own, own)
