"""Where the boxes and lines of an ownership graph stand: holders above what they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

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


def draw(graph: Graph, company: str, sheet: Sheet) -> Drawing:
    """The company at the foot, its holders above; a layer too wide takes several rows."""
    closing = closing_stakes(graph, company)
    rows = _rows(graph, _layers(graph, company, closing), closing, sheet.per_row)
    height = len(rows) * sheet.tall + (len(rows) - 1) * sheet.between + 8
    places: dict[str, Box] = {}
    for up, row in enumerate(rows):
        wide = len(row) * sheet.box + (len(row) - 1) * sheet.gap
        y = height - 4 - (up + 1) * sheet.tall - up * sheet.between
        for place, node in enumerate(row):
            x = (sheet.width - wide) // 2 + place * (sheet.box + sheet.gap)
            places[node] = Box(node, x, y)
    lines = [
        line
        for node in places
        for line in _lines(graph.owners.get(node, ()), places, closing, sheet)
    ]
    return Drawing(sheet.width, height, tuple(places.values()), tuple(lines))


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


def _rows(
    graph: Graph, layer: Mapping[str, int], closing: frozenset[Stake], per_row: int
) -> list[list[str]]:
    """Rows from the foot up; in a layer who holds what stands left stands left."""
    rows: list[list[str]] = []
    at: dict[str, Fraction] = {}
    below: dict[str, list[str]] = {}
    for node in layer:
        for stake in graph.owners.get(node, ()):
            if stake not in closing:
                below.setdefault(stake.holder, []).append(node)
    for height in range(max(layer.values()) + 1):
        nodes = [node for node, up in layer.items() if up == height]
        middle = {node: _middle([at[one] for one in below.get(node, ())]) for node in nodes}
        nodes.sort(key=middle.__getitem__)
        at |= {node: Fraction(place + 1, len(nodes) + 1) for place, node in enumerate(nodes)}
        count = -(-len(nodes) // per_row)
        size = -(-len(nodes) // count)
        rows += [nodes[start : start + size] for start in range(0, len(nodes), size)]
    return rows


def _middle(places: list[Fraction]) -> Fraction:
    return sum(places, Fraction(0)) / max(len(places), 1)


def _lines(
    stakes: tuple[Stake, ...],
    places: Mapping[str, Box],
    closing: frozenset[Stake],
    sheet: Sheet,
) -> list[Line]:
    """The lines into one company, spread over its upper edge."""
    straight = sorted(
        (stake for stake in stakes if stake not in closing), key=lambda s: places[s.holder].x
    )
    found = []
    for place, stake in enumerate(straight):
        holder, held = places[stake.holder], places[stake.company]
        x1, y1 = holder.x + sheet.box // 2, holder.y + sheet.tall
        x2, y2 = held.x + sheet.box * (place + 1) // (len(straight) + 1), held.y
        label = (x1 + (x2 - x1) * 2 // 5, y1 + (y2 - y1) * 2 // 5 + 4)
        found.append(Line(stake, f"M{x1} {y1}L{x2} {y2 - 3}", label, False))
    for stake in stakes:
        if stake in closing:
            found.append(_round(stake, places[stake.holder], places[stake.company], sheet))
    return found


def _round(stake: Stake, holder: Box, held: Box, sheet: Sheet) -> Line:
    """From the side of a holder that stands below, round the outside, to what it holds above."""
    x1, y1 = holder.x + sheet.box, holder.y + sheet.tall // 2
    x2, y2 = held.x + sheet.box, held.y + sheet.tall // 2
    out = min(max(x1, x2) + 40, sheet.width - 2)
    path = f"M{x1} {y1}C{out} {y1} {out} {y2} {x2 + 3} {y2}"
    return Line(stake, path, ((x1 + x2 + 2 * out) // 4, (y1 + y2) // 2), True)
