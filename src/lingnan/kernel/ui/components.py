"""What a page is made of: plain values that a page fills and a template draws.

Every component names its template; the tags in `templatetags/ui.py` draw it. Texts are escaped
when drawn. A component holds no business and asks nobody anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias, Union
from urllib.parse import urlsplit

from lingnan.kernel.ui.words import legal_date

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from lingnan.kernel.ui.flows import Spark
    from lingnan.kernel.ui.lines import Reach

Text: TypeAlias = "str | _StrPromise"
Kind: TypeAlias = Literal["ok", "info", "warn", "late", "soft"]
StepState: TypeAlias = Literal["done", "now", "next", "stopped"]

SIGNS: Mapping[str, str] = {"ok": "✓", "info": "●", "warn": "◆", "late": "▲", "soft": "○"}
SCHEMES = {"", "http", "https", "mailto", "tel"}


def safe_url(url: str) -> str:
    """The address if a reader may be sent there; otherwise "#" (javascript:, data: and so on)."""
    try:
        scheme = urlsplit(url.strip()).scheme.lower()
    except ValueError:
        return "#"
    return url if scheme in SCHEMES else "#"


@dataclass(frozen=True)
class Chip:
    """A state: sign, word and colour together."""

    kind: Kind
    text: Text
    sign: str = ""
    template: ClassVar[str] = "ui/chip.html"

    @property
    def mark(self) -> str:
        return self.sign or SIGNS[self.kind]


@dataclass(frozen=True)
class Link:
    """A link; `about` is heard but not seen, to tell twenty “View” links apart."""

    url: str
    text: Text
    about: Text = ""
    template: ClassVar[str] = "ui/link.html"

    @property
    def href(self) -> str:
        return safe_url(self.url)


@dataclass(frozen=True)
class Act:
    """A small form with one button: something done by POST from a list or a panel."""

    url: str
    text: Text
    values: Mapping[str, str] = field(default_factory=dict)
    about: Text = ""
    template: ClassVar[str] = "ui/act.html"

    @property
    def href(self) -> str:
        return safe_url(self.url)


@dataclass(frozen=True)
class Bar:
    """How much of a limit is used."""

    used: float
    limit: float
    kind: Kind = "ok"
    text: Text = ""
    template: ClassVar[str] = "ui/bar.html"

    @property
    def width(self) -> str:
        share = self.used / self.limit if self.limit > 0 else 1.0
        return f"{100 * min(1.0, max(0.0, share)):.1f}"

    @property
    def words(self) -> Text:
        return self.text or f"{self.used:g} / {self.limit:g}"

    @property
    def mark(self) -> str:
        return SIGNS[self.kind] if self.kind in {"warn", "late"} else ""


Piece: TypeAlias = Union["Text", Link, Chip, Act, Bar, "Reach", "Spark"]


@dataclass(frozen=True)
class Cell:
    """One place in a table or panel: a piece or several side by side, and a small note below."""

    content: Piece | tuple[Piece, ...]
    note: Text = ""
    template: ClassVar[str] = "ui/cell.html"

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return self.content if isinstance(self.content, tuple) else (self.content,)


CellLike: TypeAlias = Union[Cell, "Piece", date, int, None]


def as_cell(value: CellLike) -> Cell:
    """A bare text, link, chip, date or number as a cell; nothing is shown as a dash."""
    if isinstance(value, Cell):
        return value
    if value is None or value == "":
        return Cell("—")
    if isinstance(value, date):
        return Cell(legal_date(value))
    if isinstance(value, int):
        return Cell(f"{value:,}")
    return Cell(value)


@dataclass(frozen=True)
class Column:
    key: str
    title: Text
    numeric: bool = False


@dataclass(frozen=True)
class Empty:
    """Nothing here yet: why, and what one can do."""

    title: Text
    text: Text = ""
    link: Link | None = None
    template: ClassVar[str] = "ui/empty.html"


@dataclass(frozen=True)
class Table:
    """A list by pages. The first column names the row; on a phone every row becomes a card.

    A table of `figures`, which is read down its columns too, stays one there: it is moved
    sideways, and the names of its rows stay in sight.
    """

    columns: Sequence[Column]
    rows: Sequence[Mapping[str, CellLike]]
    caption: Text
    empty: Text | Empty = ""
    next_url: str | None = None
    previous_url: str | None = None
    caption_hidden: bool = False
    figures: bool = False
    template: ClassVar[str] = "ui/table.html"

    @property
    def lines(self) -> Iterator[list[tuple[Column, Cell]]]:
        return ([(c, as_cell(row.get(c.key))) for c in self.columns] for row in self.rows)

    @property
    def wide(self) -> bool:
        return self.figures or len(self.columns) > 6

    @property
    def nothing(self) -> Empty:
        return self.empty if isinstance(self.empty, Empty) else Empty(self.empty)


@dataclass(frozen=True)
class Item:
    term: Text
    value: CellLike
    note: Text = ""

    @property
    def cell(self) -> Cell:
        return as_cell(self.value)


@dataclass(frozen=True)
class Panel:
    """A titled card of terms and values; compact puts the notes beside the values."""

    title: Text
    items: Sequence[Item]
    note: Text = ""
    link: Link | None = None
    compact: bool = False
    template: ClassVar[str] = "ui/panel.html"


@dataclass(frozen=True)
class Step:
    """One step of a timeline."""

    title: Text
    when: Text = ""
    note: Text = ""
    state: StepState = "next"


@dataclass(frozen=True)
class Kpi:
    """A figure, what it counts, and where what is behind it can be seen."""

    label: Text
    value: Text
    note: Text = ""
    kind: Kind | Literal[""] = ""
    url: str = ""

    @property
    def mark(self) -> str:
        return SIGNS[self.kind] if self.kind else ""

    @property
    def href(self) -> str:
        return safe_url(self.url)


@dataclass(frozen=True)
class Kpis:
    """Figures side by side, as a component of a page."""

    figures: Sequence[Kpi]
    template: ClassVar[str] = "ui/kpis.html"

    def __iter__(self) -> Iterator[Kpi]:
        return iter(self.figures)


@dataclass(frozen=True)
class Timeline:
    """Steps one below another, as a component of a page."""

    steps: Sequence[Step]
    template: ClassVar[str] = "ui/timeline.html"

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)


@dataclass(frozen=True)
class Tile:
    """A way in: what it leads to, a sentence about it, and a few facts below."""

    url: str
    title: Text
    note: Text = ""
    facts: Sequence[Text] = ()

    @property
    def href(self) -> str:
        return safe_url(self.url)


@dataclass(frozen=True)
class Notice:
    """Something the reader should know before going on."""

    kind: Kind
    title: Text
    text: Text = ""
    link: Link | None = None
    items: Sequence[Text] = ()
    template: ClassVar[str] = "ui/notice.html"

    @property
    def mark(self) -> str:
        return SIGNS[self.kind]


@dataclass(frozen=True)
class Trail:
    """Where the reader is: the pages above this one, and this one."""

    links: Sequence[Link]
    here: Text = ""
    template: ClassVar[str] = "ui/trail.html"
