"""Counting at another node: the agreements that its holder has with the body, then the figures.

The same posts as for agreements of this node. What may be counted, the holder's node says each
time; what is asked, both nodes write down.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.exchange.api import Question, Table, figures_elsewhere
from lingnan.kernel.trust.api import Actor, actor, allow, node_evidence, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.portal import figures
from lingnan.portal.consents_words import Words
from lingnan.portal.desk_consents import ASKS, trail

Figures = figures_elsewhere.Figures


@allow(ASKS)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Under which agreements the body may have something counted at other nodes."""
    told, words = figures_elsewhere.offered(actor(request).body), Words()
    columns = [
        ui.Column("what", _("For what")),
        ui.Column("data", _("Data")),
        ui.Column("who", _("Who counts")),
        ui.Column("until", _("Until when")),
    ]
    nothing = ui.Empty(
        _("No agreement lets your body count at another node"),
        _("Agreements for figures are made with the holder of the data, at its node."),
    )
    title = _("Agreements with holders at other nodes")
    rows = [_row(one, words) for one in told.figures]
    table = ui.Table(columns, rows, title, nothing, caption_hidden=True)
    page = ui.Page(
        _("Figures from other nodes"),
        _("What a holder at another node counts for your body. Its data stay there: the table "
          "alone comes here, and small counts are withheld before it leaves."),
        top=[_silent(told.silent)] if told.silent else [],
        tables=[ui.Part(table, title)],
        trail=trail(_("Figures from other nodes")),
    )  # fmt: skip
    return ui.shown(request, page)


def _row(one: Figures, words: Words) -> dict[str, ui.CellLike]:
    where = reverse("desk-figures-elsewhere", args=[one.system, one.number])
    ways = ui.listed(way.title for way in one.by.values())
    return {
        "what": ui.Cell(ui.Link(where, _purpose(one, words), one.number), one.number),
        "data": ui.Cell(str(one.title), _("can be counted by: %(ways)s") % {"ways": ways}),
        "who": ui.Cell(_holders(one), _node(one.server)),
        "until": ui.legal_date(one.until) if one.until else _("without end"),
    }


def _purpose(one: Figures, words: Words) -> str:
    """As it is called here, else as the holder calls it."""
    known = words.purpose(one.purpose)
    return str(one.aim) if known == one.purpose and one.aim is not None else known


def _holders(one: Figures) -> str:
    return ui.listed(str(title) for title in one.holders) or str(one.title)


def _node(server: str) -> str:
    return _("at the node %(node)s") % {"node": server}


def _silent(servers: Any) -> ui.Notice:
    return ui.Notice(
        "warn", _("Some nodes did not say what they count"),
        _("They do not answer now, or are of an earlier release. Agreements with holders there "
          "are missing below; nothing else is wrong with them."), items=list(servers),
    )  # fmt: skip


@allow(ASKS)
@require_http_methods(["GET", "HEAD", "POST"])
def count(request: HttpRequest, system: str, number: str) -> HttpResponse:
    """Choose by what is counted, then see it or take it as a file."""
    refuse_noughts_posted(request)
    who = actor(request)
    told = figures_elsewhere.offered(who.body, system)
    found = next((one for one in told.figures if one.number == number), None)
    if found is None and told.silent:
        return ui.shown(request, _unknown(number, system), 503)
    if found is None:
        raise Http404
    ways = figures.Ways(found.by, {code: str(title) for code, title in found.sums.items()})
    said = ui.Answers(request, request.POST.get("act", ""))
    table, fault, status = None, "", 200
    if request.method == "POST":
        wanted = figures.wanted(said, ways)
        if wanted is not None:
            table, fault, status = figures.asked(_question(who, found, wanted), said, _down())
        status = 422 if said.wrong else status
    if table is not None and said.act == "file":
        below = [_line(one) for one in _answered(found, table)]
        return figures.file(table, ways, number, below)
    top = [_fault(found, fault, status)] if fault else []
    return ui.shown(request, _page(found, said, ways, table, top), status)


def _question(who: Actor, found: Figures, wanted: figures.Wanted) -> Question:
    return Question(
        found.resource, who.body, found.purpose, found.basis, "", who.signature,
        wanted.by, wanted.where, wanted.total,
    )  # fmt: skip


def _down() -> str:
    return _("The holder's node does not answer now, or is making the copy from which it counts. "
             "Please try again in a minute.")  # fmt: skip


def _unknown(number: str, system: str) -> ui.Page:
    """Whether there is such an agreement cannot be said."""
    notice = ui.Notice(
        "warn", _("The holder's node did not say whether it counts for your body"),
        _("It does not answer now, or is of an earlier release. Nothing was asked; please try "
          "again in a minute."), items=[figures_elsewhere.homes().get(system, "")],
    )  # fmt: skip
    title = _("Figures under the agreement %(number)s") % {"number": number}
    return ui.Page(title, top=[notice], trail=_trail(number))


def _fault(found: Figures, fault: str, status: int) -> ui.Notice:
    """Why there is no table; a refusal is evidence, silence is not."""
    if status != 403:
        return ui.Notice("warn", fault)
    words = _("Asked of %(holder)s, %(node)s. What was asked is written down at both nodes.")
    told = {"holder": _holders(found), "node": _node(found.server)}
    return ui.Notice("warn", fault, words % told)


def _page(
    found: Figures, said: ui.Answers, ways: figures.Ways, table: Table | None, top: list[Any]
) -> ui.Page:
    if table is not None:
        top = [ui.Panel(_("Who answered"), _answered(found, table))]
    return ui.Page(
        _("Figures under the agreement %(number)s") % {"number": found.number},
        _("Counted from what is held by %(holder)s, about nobody in particular. Small counts, and "
          "those that would give them away, are withheld; every table that is asked for is "
          "written down.")
        % {"holder": _holders(found)},
        top=top,
        first=[figures.form(said, ways)],
        tables=[figures.table(table, ways)] if table else [],
        forms=[figures.again(said)] if table else [],
        after=figures.bars(table, ways, str(found.title)) if table else [],
        trail=_trail(found.number),
    )  # fmt: skip


def _answered(found: Figures, table: Table) -> list[ui.Item]:
    """Who counted, when, by what right, where it is written down, and what is not told."""
    entry = node_evidence.reader().by_seq(table.evidence)
    payload = (entry.payload or {}) if entry is not None else {}
    at = parse_datetime(entry.at) if entry is not None else None
    there = _("no. %(seq)s at the holder's node") % {"seq": payload.get("there_evidence", "—")}
    withheld = _("Counts of a few people or firms, and as many others as it takes that nobody can "
                 "work them out from the totals.")  # fmt: skip
    when = ui.legal_datetime(at) if at is not None else "—"
    asked = _("answered at %(when)s (system time)") % {"when": when}
    hidden = figures.withheld(table)
    return [
        ui.Item(
            pgettext("exchange", "Holder"),
            _holders(found),
            _node(str(payload.get("at", found.server))),
        ),
        ui.Item(_("Day counted"), figures.day_of(table), asked),
        ui.Item(
            pgettext("exchange", "Agreement"),
            table.agreement or found.number,
            _purpose(found, Words()),
        ),
        ui.Item(_("Evidence no."), f"{table.evidence}", there),
        ui.Item(_("Cells withheld (×)"), f"{hidden:,}", withheld if hidden else ""),
    ]


def _line(one: ui.Item) -> str:
    """A term with its value, for the file."""
    value = " · ".join(str(part) for part in (one.cell.content, one.note) if part)
    return f"{one.term}: {value}"


def _trail(number: str) -> ui.Trail:
    links = list(trail().links)
    where = ui.Link(reverse("desk-figures-elsewhere-all"), _("Figures from other nodes"))
    return ui.Trail([*links, where], number)
