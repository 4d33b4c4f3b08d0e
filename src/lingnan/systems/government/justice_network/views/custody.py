"""For the procuratorate: who is in custody in its division, and which clock ends when."""

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Actor, actor, allow
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.justice_network import clocking, ledger, sights, watching
from lingnan.systems.government.justice_network.ledger import Hand
from lingnan.systems.government.justice_network.models import Case, Measure, Term, TermEvent
from lingnan.systems.government.justice_network.views import rights, wording

SHOWN = 200
NEAR = timedelta(days=7)
BASIS = (
    "《刑事诉讼法》（2018-10-26）第八条、第九十五条；《看守所条例》（1990-03-17）第八条、第四十三条"
)


@allow(rights.SUPERVISORS)
@require_safe
def custody(request: HttpRequest) -> HttpResponse:
    """Everybody in custody, whose clock ends first at the top; then the overruns, for good."""
    who, now = actor(request), legal_time.now()
    rows = list(watching.custody(who.division)[:SHOWN])
    covered = [(one, watching.covering(one)) for one in rows]
    covered.sort(key=lambda pair: _due(pair[1], now))
    _witness(who, rows)
    overruns = _overruns(who)
    page = ui.Page(
        _("Supervision of custody"),
        _("Who is in custody in your division, and the clock that allows it. Three warnings come "
          "before a clock ends; an overrun is written once and nobody can edit it."),
        top=[*_figures(covered, overruns, now)],
        tables=[_persons(covered, now), _overrun_table(overruns)],
        trail=ui.Trail([ui.Link("/desk/justice/", _("Criminal cases"))],
                       _("Supervision of custody")),
    )  # fmt: skip
    return ui.shown(request, page)


def _witness(who: Actor, rows: list[Measure]) -> None:
    """The list is an opening of each case on it."""
    hand = Hand.of(who)
    cases: dict[int, Case] = {one.suspect.case_id: one.suspect.case for one in rows}
    for case in cases.values():
        ledger.witness("custody_listed", case, hand, {"basis": BASIS})


def _due(term: Term | None, now: datetime) -> datetime:
    return clocking.read(term).due if term is not None else now


def _overruns(who: Actor) -> list[TermEvent]:
    rows = TermEvent.objects.filter(kind="overrun", term__case__division=who.division)
    return list(rows.select_related("term__case", "term__suspect").order_by("-id")[:SHOWN])


def _figures(
    covered: list[tuple[Measure, Term | None]], overruns: list[TermEvent], now: datetime
) -> list[ui.Panel]:
    near = [one for one, term in covered if term is not None and _due(term, now) - now <= NEAR]
    without = [one for one, _term in covered if watching.uncovered(one)]
    items = [
        ui.Item(_("In custody"), f"{len(covered)}"),
        ui.Item(_("Ends within seven days"), ui.Chip("warn" if near else "ok", f"{len(near)}")),
        ui.Item(
            _("Custody without a limit"), ui.Chip("late" if without else "ok", f"{len(without)}")
        ),
        ui.Item(_("Overruns"), ui.Chip("late" if overruns else "ok", f"{len(overruns)}")),
        ui.Item(_("Legal basis"), BASIS),
    ]
    return [ui.Panel(_("At a glance"), items, compact=True)]


def _persons(covered: list[tuple[Measure, Term | None]], now: datetime) -> ui.Part:
    columns = [
        ui.Column("name", pgettext("criminal", "Name")),
        ui.Column("case", pgettext("criminal", "Case")),
        ui.Column("measure", pgettext("criminal", "Measure")),
        ui.Column("clock", pgettext("criminal", "Clock")),
        ui.Column("due", _("Until, inclusive")),
        ui.Column("state", _("Standing")),
    ]
    rows = [_person(one, term, now) for one, term in covered]
    table = ui.Table(columns, rows, _("In custody"), _("Nobody is in custody here."),
                     caption_hidden=True)  # fmt: skip
    return ui.Part(table, _("In custody"))


def _person(one: Measure, term: Term | None, now: datetime) -> dict[str, ui.CellLike]:
    case = one.suspect.case
    row: dict[str, ui.CellLike] = {
        "name": wording.quoted(one.suspect.name),
        "case": ui.Link(ledger.link(case), case.number),
        "measure": ui.Cell(one.get_kind_display(), ui.legal_datetime(one.started_at)),
        "clock": "—",
        "due": "—",
    }
    if term is None:
        late = watching.uncovered(one)
        words = _("no clock allows it") if late else pgettext("criminal", "not counted")
        return row | {"state": ui.Chip("late" if late else "soft", words)}
    read = clocking.read(term)
    known = sights.bodies([term.body])
    row["clock"] = ui.Cell(wording.clock_title(read), wording.body_title(term.body, known))
    return row | {"due": wording.due_words(read), "state": wording.clock_chip(read, now)}


def _overrun_table(overruns: list[TermEvent]) -> ui.Part:
    columns = [
        ui.Column("case", pgettext("criminal", "Case")),
        ui.Column("clock", pgettext("criminal", "Clock")),
        ui.Column("body", _("Body")),
        ui.Column("due", _("Until, inclusive")),
        ui.Column("state", _("Standing")),
    ]
    known = sights.bodies(one.term.body for one in overruns)
    rows: list[dict[str, ui.CellLike]] = []
    for one in overruns:
        read = clocking.read(one.term)
        state = _("done since") if read.ended else _("still open")
        rows.append({
            "case": ui.Link(ledger.link(one.term.case), one.term.case.number),
            "clock": wording.clock_title(read),
            "body": wording.body_title(one.term.body, known),
            "due": wording.due_words(read),
            "state": ui.Cell(ui.Chip("late", _("overrun")), state),
        })  # fmt: skip
    table = ui.Table(columns, rows, _("Overruns"), _("No clock was overrun."), caption_hidden=True)
    return ui.Part(table, _("Overruns"))
