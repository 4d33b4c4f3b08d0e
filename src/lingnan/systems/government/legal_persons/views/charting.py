"""The drawn ownership graph: boxes with names, lines with shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from lingnan.systems.government.legal_persons import wording
from lingnan.systems.government.legal_persons.holdings import Held
from lingnan.systems.government.legal_persons.rules.control import Effective
from lingnan.systems.government.legal_persons.rules.drawing import Box, Line, Sheet, draw

# Two sheets: boxes stay as large on a phone, there are fewer side by side.
WIDE, NARROW = Sheet(5, 172, gap=24, margin=50), Sheet(2, 126, gap=8, margin=30)
LARGE = 14


@dataclass(frozen=True)
class DrawnBox:
    """One party: `rows` of its name, cut where it is too long, and what it has in the end."""

    x: int
    y: int
    middle: int
    kind: str
    name: str
    rows: list[tuple[int, str]]
    note: str
    note_y: int


@dataclass(frozen=True)
class DrawnLine:
    path: str
    x: int
    y: int
    words: str
    circular: bool


@dataclass(frozen=True)
class DrawnGraph:
    """A drawing for one width of screen. `said` is what is heard in place of it."""

    size: str
    width: int
    height: int
    box: int
    tall: int
    boxes: list[DrawnBox]
    lines: list[DrawnLine]
    said: str


def drawings(held: Held, shares: Effective) -> list[DrawnGraph]:
    """The graph for wide and for narrow screens."""
    return [_drawn("wide", WIDE, held, shares), _drawn("narrow", NARROW, held, shares)]


def _drawn(size: str, sheet: Sheet, held: Held, shares: Effective) -> DrawnGraph:
    drawing = draw(held.graph, held.company.mark, sheet)
    said = _("Ownership of “%(name)s”: %(count)s parties; the tables below say the same") % {
        "name": held.company.name,
        "count": len(drawing.boxes) - 1,
    }
    boxes = [_box(box, sheet, held, shares.shares) for box in drawing.boxes]
    lines = [_line(line) for line in drawing.lines]
    return DrawnGraph(
        size, drawing.width, drawing.height, sheet.box, sheet.tall, boxes, lines, said
    )


def _box(box: Box, sheet: Sheet, held: Held, shares: Mapping[str, Fraction]) -> DrawnBox:
    party = held.parties[box.node]
    rows = wrapped(party.name, (sheet.box - 14) * 2 // LARGE)
    top = box.y + (20 if len(rows) > 1 else 28)
    here = box.node == held.company.mark
    note = _("this enterprise") if here else _short(party.kind)
    if box.node in shares:
        note = _("in the end %(share)s") % {"share": wording.percent(shares[box.node])}
    if party.code in held.gone:
        note = _("struck off")
    return DrawnBox(
        box.x,
        box.y,
        box.x + sheet.box // 2,
        "here" if here else party.kind,
        party.name,
        [(top + place * 18, row) for place, row in enumerate(rows)],
        note,
        box.y + sheet.tall - 12,
    )


def _short(kind: str) -> str:
    """What a party is, in words that fit its box on a phone."""
    return {
        "person": _("natural person"),
        "enterprise": _("in the register"),
        "outside": _("outside party"),
    }[kind]


def wrapped(name: str, halves: int) -> list[str]:
    """A name in at most two rows of so many half-width places; what is cut ends in “…”.

    Two rows are about equally long: a row never holds the last character alone.
    """
    whole = sum(map(_wide, name))
    if whole <= halves:
        return [name]
    first = _beginning(name, min(halves, (whole + 3) // 2))
    rest = name[len(first) :]
    second = _beginning(rest, halves)
    return [first, second if second == rest else second[:-1] + "…"]


def _beginning(name: str, halves: int) -> str:
    used = 0
    for place, character in enumerate(name):
        used += _wide(character)
        if used > halves:
            return name[:place]
    return name


def _wide(character: str) -> int:
    return 1 if character.isascii() else 2


def _line(line: Line) -> DrawnLine:
    share = wording.percent(line.stake.share)
    words = _("circular %(share)s") % {"share": share} if line.circular else share
    return DrawnLine(line.path, *line.at, words, line.circular)
