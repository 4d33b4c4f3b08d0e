"""Counting under an agreement: figures about many, with none of a few, as table, bars and file."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.exchange.api import (
    Agreement,
    Question,
    Table,
    counted_by,
    resources,
    summed_by,
)
from lingnan.kernel.trust.api import Actor, actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.portal import figures
from lingnan.portal.consents_words import Words
from lingnan.portal.desk_consents import ASKS, agreement_of, trail


@allow(ASKS)
@require_http_methods(["GET", "HEAD", "POST"])
def count(request: HttpRequest, number: str) -> HttpResponse:
    """Choose by what is counted, then see it or take it as a file; each asking is evidence."""
    refuse_noughts_posted(request)
    who = actor(request)
    found = agreement_of(who, number)
    ways = _ways(found) if found is not None else None
    if found is None or ways is None:
        raise Http404
    said = ui.Answers(request, request.POST.get("act", ""))
    table, fault, status = None, "", 200
    if request.method == "POST":
        question = _question(who, found, said, ways)
        if question is not None:
            down = _("The copy from which is counted is being made. Please try again in a minute.")
            table, fault, status = figures.asked(question, said, down)
        status = 422 if said.wrong else status
    if table is not None and said.act == "file":
        return figures.file(table, ways, number)
    return ui.shown(request, _page(found, said, ways, table, fault), status)


def _ways(found: Agreement) -> figures.Ways | None:
    """By what the agreement lets it be counted; None where it allows no figures."""
    resource = resources().get(found.resource)
    if resource is None or resource.counted is None or "aggregate" not in found.uses:
        return None
    axes = counted_by(resource, found)
    return figures.Ways(axes, summed_by(resource)) if axes else None


def may_count(found: Agreement) -> bool:
    """Whether the agreement lets somebody count."""
    return not found.ended and _ways(found) is not None


def _question(
    who: Actor, found: Agreement, said: ui.Answers, ways: figures.Ways
) -> Question | None:
    wanted = figures.wanted(said, ways)
    if wanted is None:
        return None
    return Question(
        found.resource, who.body, found.purpose, found.basis, "", who.signature,
        wanted.by, wanted.where, wanted.total,
    )  # fmt: skip


def _page(
    found: Agreement, said: ui.Answers, ways: figures.Ways, table: Table | None, fault: str
) -> ui.Page:
    words = Words()
    top = [ui.Notice("warn", fault)] if fault else []
    return ui.Page(
        _("Figures under the agreement %(number)s") % {"number": found.number},
        _("Counted from what is held by %(holder)s, about nobody in particular. Small counts, and "
          "those that would give them away, are withheld; every table that is asked for is "
          "written down.")
        % {"holder": words.holders(found.resource)},
        top=[*top, *([figures.standing(table)] if table else [])],
        first=[figures.form(said, ways)],
        tables=[figures.table(table, ways)] if table else [],
        forms=[figures.again(said)] if table else [],
        after=figures.bars(table, ways, words.resource(found.resource)) if table else [],
        trail=_trail(found),
    )  # fmt: skip


def _trail(found: Agreement) -> ui.Trail:
    first = list(trail().links)
    link = ui.Link(reverse("desk-agreement", args=[found.number]), found.number)
    return ui.Trail([*first, link], pgettext("statistics", "Figures"))
