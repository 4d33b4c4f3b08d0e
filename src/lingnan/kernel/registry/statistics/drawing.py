"""A table of counts as people read it: table, bars, a pyramid of ages, and lines of a file."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.utils.translation import gettext as _

from lingnan.kernel.registry.projection.rounds import is_old
from lingnan.kernel.registry.statistics.counted import Counted
from lingnan.kernel.registry.statistics.disclosure import LEAST
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.ui import api as ui

HIDDEN = "×"
MOST_ROWS, MOST_BARS = 400, 40


def said(count: int | None) -> str:
    return HIDDEN if count is None else f"{count:,}"


def heads(counted: Counted) -> list[str]:
    """What stands above the columns: those that name the row, the counts, the total."""
    named = [axis.title for axis in counted.axes]
    if counted.across is None:
        return [*named, _("Records")]
    labels = counted.across.labels(counted.columns, counted.day)
    return [*named, *(labels[one] for one in counted.columns), _("Total")]


def lines(counted: Counted) -> Iterator[tuple[list[str], Sequence[int | None]]]:
    """Each row's names and counts, the totals last."""
    labels = [
        axis.labels(sorted({row[n] for row in counted.rows}), counted.day)
        for n, axis in enumerate(counted.axes)
    ]
    names = [[labels[n][one] for n, one in enumerate(row)] for row in counted.rows]
    names.append([_("Total"), *[""] * (len(counted.axes) - 1)])
    for name, row in zip(names, counted.cells, strict=True):
        yield name, row[:1] if counted.across is None else row


def table(counted: Counted, title: str) -> ui.Table:
    count = len(counted.axes)
    columns = [ui.Column(str(n), head, n >= count) for n, head in enumerate(heads(counted))]
    listed = list(lines(counted))
    shown = listed if len(listed) <= MOST_ROWS else [*listed[: MOST_ROWS - 1], listed[-1]]
    rows = [
        {str(n): cell for n, cell in enumerate([*name, *map(said, row)])} for name, row in shown
    ]
    return ui.Table(
        columns, rows, title, _("Nothing was counted"), caption_hidden=True, figures=True
    )


def bars(counted: Counted, title: str) -> ui.BarChart | None:
    """The totals of the rows as bars, of one county's townships too; none of a table too long."""
    listed = list(lines(counted))[:-1]
    if not listed or len(listed) > MOST_BARS:
        return None
    rows = [ui.ChartRow(" · ".join(name), row[-1] or 0, said(row[-1])) for name, row in listed]
    return ui.BarChart(title, rows, counted.axes[0].title, _("Records"))


def pyramid(counted: Counted) -> ui.Table | None:
    """Ages downwards from the oldest, two groups beside them; None where that was not asked."""
    if counted.across is None or len(counted.axes) != 1 or len(counted.columns) != 2:
        return None
    if counted.axes[0].dimension.kind != "age":
        return None
    labels = counted.across.labels(counted.columns, counted.day)
    top = max((n or 0 for row in counted.cells[:-1] for n in row[:2]), default=0) or 1
    left, right = (labels[one] for one in counted.columns)
    columns = [ui.Column("age", _("Age")), ui.Column("left", left), ui.Column("right", right)]
    rows = [
        {"age": name[0], "left": _bar(row[0], top), "right": _bar(row[1], top)}
        for name, row in reversed(list(lines(counted))[:-1])
    ]
    return ui.Table(columns, rows, _("Ages"), caption_hidden=True, figures=True)


def _bar(count: int | None, top: int) -> ui.CellLike:
    return HIDDEN if count is None else ui.Bar(count, top, "info", f"{count:,}")


def standing(counted: Counted) -> ui.Notice:
    """Of what day the table is, by which copy; an aged copy is said."""
    made = counted.state.made.astimezone(legal_time.CHINA)
    told = {
        "day": ui.legal_date(counted.day),
        "known": ui.legal_date(counted.state.known_on),
        "made": ui.legal_datetime(made),
        "version": f"{counted.state.versions_to:,}",
    }
    text = _(
        "The copy counted from knows the register up to %(known)s (version mark %(version)s); "
        "it was brought up to date at %(made)s."
    )
    old = is_old(counted.state.made) or counted.state.known_on < legal_time.today() - timedelta(1)
    title = _("As it held on %(day)s") % told
    if old:
        title = _("As it held on %(day)s, from a copy that has aged") % told
    return ui.Notice("warn" if old else "info", title, text % told)


def still_counting() -> ui.Notice:
    """Shown while a count goes on; the page asks again by itself."""
    words = _("This takes some seconds for a whole province. The table appears here by itself.")
    return ui.Notice("info", _("Counting…"), words)


def guard(counted: Counted) -> ui.Notice | None:
    """That counts are withheld, and why."""
    if not counted.guarded:
        return None
    words = _(
        "× stands where a count of fewer than %(least)s, or one that would give such a count "
        "away, is withheld."
    )
    return ui.Notice("info", _("Small counts are withheld"), words % {"least": LEAST})
