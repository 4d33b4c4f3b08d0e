"""What a body has joined, and what it publishes of that."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from lingnan.kernel.trust.api import Actor, actor, allow, official
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.resource_exchange.sources import connecting, words
from lingnan.systems.government.resource_exchange.sources.models import (
    RETRACTED,
    Publication,
    Source,
)

SEES = official("data_officer", "head")
JOINS = official("data_officer")
LIMIT = 200


def trail(here: str = "", *above: ui.Link) -> ui.Trail:
    return ui.Trail([ui.Link(reverse("sources"), _("Tables of your own")), *above], here)


def source_of(who: Actor, number: str) -> Source:
    """A connection of the post's body. Raises Http404."""
    found = Source.objects.filter(number=number, body=who.body, ended=False).first()
    if found is None:
        raise Http404(number)
    return found


def publication_of(who: Actor, number: str) -> Publication:
    """A table of the post's body. Raises Http404."""
    found = Publication.objects.filter(number=number, body=who.body, ended=False).first()
    if found is None:
        raise Http404(number)
    return found


@allow(SEES)
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The connections and the published tables of the post's body."""
    who = actor(request)
    page = ui.Page(
        _("Tables of your own"),
        _(
            "What your body has already – a database, a folder of files, a service – is joined "
            "where it stands: read only, a few rows at a time, by an index. Nothing is copied."
        ),
        links=[ui.Link(reverse("source-new"), _("Join a source"))] if _joins(who) else [],
        tables=[
            ui.Part(_published(who), _("Published tables")),
            ui.Part(_joined(who), _("Joined sources")),
        ],
    )
    return ui.shown(request, page)


def _joins(who: Actor) -> bool:
    return JOINS.permits(who)


def _published(who: Actor) -> ui.Table:
    rows = Publication.objects.filter(body=who.body, ended=False).exclude(state=RETRACTED)
    return ui.Table(
        [
            ui.Column("title", _("Table")),
            ui.Column("state", _("State")),
            ui.Column("sharing", _("Sharing")),
            ui.Column("elements", _("Elements"), numeric=True),
        ],
        [
            {
                "title": ui.Cell(
                    ui.Link(reverse("source-table", args=[one.number]), words.name(str(one.title))),
                    one.code or one.number,
                ),
                "state": words.state(one),
                "sharing": words.sharing().get(one.sharing, ""),
                "elements": len(one.columns),
            }
            for one in rows.order_by("key")[:LIMIT]
        ],
        _("Published tables"),
        ui.Empty(
            _("Nothing published yet"),
            _("Join a source, choose a table of it, say what its columns mean, and send it."),
        ),
        caption_hidden=True,
    )


def _joined(who: Actor) -> ui.Table:
    return ui.Table(
        [
            ui.Column("title", pgettext("source", "Source")),
            ui.Column("kind", pgettext("source", "Kind")),
            ui.Column("place", pgettext("source", "Where")),
        ],
        [
            {
                "title": ui.Cell(
                    ui.Link(reverse("source", args=[one.number]), words.name(one.title)), one.number
                ),
                "kind": one.get_kind_display(),
                "place": words.place(one),
            }
            for one in connecting.of_body(who.body)[:LIMIT]
        ],
        _("Joined sources"),
        ui.Empty(_("Nothing joined yet"), _("The operator says from where sources may be joined.")),
        caption_hidden=True,
    )
