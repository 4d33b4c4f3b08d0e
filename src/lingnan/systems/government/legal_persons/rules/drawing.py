"""Where the boxes and lines of an ownership graph stand: holders above what they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from lingnan.systems.government.legal_persons.rules.holdings import Graph, Stake


@dataclass(frozen=True, slots=True)
class Sheet:
    """How wide a drawing is and how many boxes stand side by side, in pixels."""

    per_row: int
    box: int
    gap: int = 16
    tall: int = 70
    between: int = 66
    margin: int = 26

    @property
    def width(self) -> int:
        return self.per_row * self.box + (self.per_row - 1) * self.gap + 2 * self.margin


@dataclass(frozen=True, slots=True)
class Box:
    node: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Line:
    """A holding: an SVG path, and where its share is written. `circular`: it closes a ring."""

    stake: Stake
    path: str
    at: tuple[int, int]
    circular: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A place in a row through which a line passes on its way over several rows."""

    stake: Stake
    row: int


Item = str | Passage


def draw(graph: Graph, company: str, sheet: Sheet) -> Drawing:
    """The company at the foot, its holders above; a layer too wide takes several rows."""
    closing = closing_stakes(graph, company)
    rows = _ordered(graph, _rows(_layers(graph, company, closing), sheet.per_row))
    height = len(rows) * sheet.tall + (len(rows) - 1) * sheet.between + 8
    places: dict[Item, Box] = {}
    for up, row in enumerate(rows):
        y = height - 4 - (up + 1) * sheet.tall - up * sheet.between
        places |= {
            item: Box(item if isinstance(item, str) else "", x, y)
            for item, x in zip(row, _abreast(row, sheet), strict=True)
        }
    nodes = [item for row in rows for item in row if isinstance(item, str)]
    at = {node: up for up, row in enumerate(rows) for node in row}
    plan = Plan(places, at, closing, sheet)
    ways = [way for node in nodes for way in _ways(graph.owners.get(node, ()), plan)]
    lines = _labelled(ways)
    return Drawing(sheet.width, height, tuple(places[node] for node in nodes), tuple(lines))


def _abreast(row: list[Item], sheet: Sheet) -> list[int]:
    """The left edges of a row's boxes and passages, in the middle of the sheet."""
    boxes = sum(isinstance(item, str) for item in row)
    free = sheet.width - boxes * sheet.box
    gap = min(sheet.gap, free // max(len(row), 1))
    wide = boxes * sheet.box + (len(row) - 1) * gap
    left, found = (sheet.width - wide) // 2, []
    for item in row:
        found.append(left)
        left += gap + (sheet.box if isinstance(item, str) else 0)
    return found


def closing_stakes(graph: Graph, company: str) -> frozenset[Stake]:
    """The stakes that close a ring, met going up from the company, the largest way first."""
    closing: set[Stake] = set()
    open_, done = {company}, set()
    work = [(company, iter(graph.owners.get(company, ())))]
    while work:
        node, stakes = work[-1]
        stake = next(stakes, None)
        if stake is None:
            work.pop()
            open_.discard(node)
            done.add(node)
        elif stake.holder in open_:
            closing.add(stake)
        elif stake.holder not in done:
            open_.add(stake.holder)
            work.append((stake.holder, iter(graph.owners.get(stake.holder, ()))))
    return frozenset(closing)


def _layers(graph: Graph, company: str, closing: frozenset[Stake]) -> dict[str, int]:
    """How many steps each node stands above the company, by the longest way."""
    layer, waiting = {company: 0}, [company]
    while waiting:
        node = waiting.pop(0)
        for stake in graph.owners.get(node, ()):
            if stake not in closing and layer.get(stake.holder, 0) <= layer[node]:
                layer[stake.holder] = layer[node] + 1
                waiting.append(stake.holder)
    return layer


def _rows(layer: Mapping[str, int], per_row: int) -> list[list[str]]:
    """Rows from the foot up: as many as a layer needs."""
    rows: list[list[str]] = []
    for height in range(max(layer.values()) + 1):
        nodes = [node for node, up in layer.items() if up == height]
        count = -(-len(nodes) // per_row)
        size = -(-len(nodes) // count)
        rows += [nodes[start : start + size] for start in range(0, len(nodes), size)]
    return rows


def _ordered(graph: Graph, rows: list[list[str]]) -> list[list[Item]]:
    """Rows with the passages of long lines; who holds what stands left stands left."""
    at = {node: up for up, row in enumerate(rows) for node in row}
    filled: list[list[Item]] = [list(row) for row in rows]
    below: dict[Item, list[Item]] = {}
    for stake in (stake for node in at for stake in graph.owners.get(node, ())):
        low, high = sorted((stake.company, stake.holder), key=at.__getitem__)
        way = [Passage(stake, row) for row in range(at[low] + 1, at[high])]
        for passage in way:
            filled[passage.row].append(passage)
        steps: list[Item] = [low, *way, high]
        for under, over in pairwise(steps):
            below.setdefault(over, []).append(under)
    middle: dict[Item, Fraction] = {}
    for row in filled:
        found = {item: _middle([middle[one] for one in below.get(item, ())]) for item in row}
        row.sort(key=found.__getitem__)
        middle |= {item: Fraction(place + 1, len(row) + 1) for place, item in enumerate(row)}
    return filled


def _middle(places: list[Fraction]) -> Fraction:
    return sum(places, Fraction(0)) / len(places) if places else Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Plan:
    """Where everything stands, and in which row, from the foot up."""

    places: Mapping[Item, Box]
    at: Mapping[Item, int]
    closing: frozenset[Stake]
    sheet: Sheet


@dataclass(frozen=True, slots=True)
class Route:
    """The points of a line, from the holder on."""

    stake: Stake
    points: list[tuple[int, int]]
    circular: bool


def _ways(stakes: tuple[Stake, ...], plan: Plan) -> list[Route]:
    """The lines into one company, spread over its upper edge; what closes a ring comes below."""
    above = [stake for stake in stakes if stake not in plan.closing]
    above.sort(key=lambda stake: _points(stake, plan, 1, 2)[-2][0])
    found = [
        Route(stake, _points(stake, plan, place + 1, len(above) + 1), False)
        for place, stake in enumerate(above)
    ]
    return found + [Route(s, _points(s, plan, 7, 8), True) for s in stakes if s in plan.closing]


def _points(stake: Stake, plan: Plan, part: int, of: int) -> list[tuple[int, int]]:
    """From the holder to `part` of `of` along the edge of what it holds, row by row."""
    holder, held = plan.places[stake.holder], plan.places[stake.company]
    box, tall, first, last = plan.sheet.box, plan.sheet.tall, *_rows_of(stake, plan)
    down = stake not in plan.closing
    start = (holder.x + (box // 2 if down else box * 7 // 8), holder.y + (tall if down else 0))
    points = [start]
    for row in range(first, last, -1 if down else 1):
        passage = plan.places[Passage(stake, row)]
        edges = [(passage.x, passage.y), (passage.x, passage.y + tall)]
        points += edges if down else reversed(edges)
    end = held.y - 3 if down else held.y + tall + 3
    return [*points, (held.x + box * part // of, end)]


def _rows_of(stake: Stake, plan: Plan) -> tuple[int, int]:
    holder, held = plan.at[stake.holder], plan.at[stake.company]
    return (holder - 1, held) if holder > held else (holder + 1, held)


def _labelled(ways: list[Route]) -> list[Line]:
    """Shares are written on the first stretch of a line, where no other is written yet."""
    lines: list[Line] = []
    taken: list[tuple[int, int, int]] = []
    for way in ways:
        (x1, y1), (x2, y2) = way.points[0], way.points[1]
        half = 40 if way.circular else 24
        spots = [(x1 + (x2 - x1) * t // 20, y1 + (y2 - y1) * t // 20 + 4) for t in (8, 12, 5, 15)]
        free = [
            (x, y)
            for x, y in spots
            if all(abs(x - a) >= half + wide or abs(y - b) >= 16 for a, b, wide in taken)
        ]
        x, y = (free or spots)[0]
        taken.append((x, y, half))
        path = "M" + "L".join(f"{a} {b}" for a, b in way.points)
        lines.append(Line(way.stake, path, (x, y), way.circular))
    return lines
