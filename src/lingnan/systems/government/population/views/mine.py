"""What the register holds about a resident, for themselves."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lingnan.kernel.exchange.api import introduce
from lingnan.kernel.trust.api import RESIDENT, actor, allow
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.population import finding_self
from lingnan.systems.government.population.acts.households import members
from lingnan.systems.government.population.models import LifeEvent
from lingnan.systems.government.population.views import desk, wording
from lingnan.systems.government.population.views.frame import Page, Part, shown


@allow(RESIDENT)
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
    page = Page(
        _("My own registration"),
        _("Everything that the register of residents says about you."),
        top=[desk.panel(one)],
        links=[ui.Link("/looked/", _("Who looked at my data"))],
        tables=[
            Part(ui.Table(columns, lines, _("My household"), caption_hidden=True),
                 _("My household")),
            Part(wording.events(list(rows[:50])), _("What was entered")),
        ],
        after=[ui.Notice("info", _("Is something wrong?"),
                         _("Tell the police counter where you are registered, with papers."))],
    )  # fmt: skip
    return shown(request, page)
