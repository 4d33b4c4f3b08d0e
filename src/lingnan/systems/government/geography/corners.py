"""An area as somebody types it: its corners, one a line, or GeoJSON."""

import json
import re
from typing import Any

_BETWEEN = re.compile(r"[\s,，;；]+")
FEWEST = 3


class UnfitCorners(ValueError):
    """A line that is not two numbers (`line`, from 1), or too few corners (`line` 0)."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}" if line else f"fewer than {FEWEST} corners")
        self.line = line


def read(text: str) -> Any:
    """The GeoJSON of a text: longitude and latitude a line, closed here; or what it holds already.

    Raises UnfitCorners; ValueError or RecursionError for broken JSON.
    """
    if not text.strip() or text.lstrip().startswith(("{", "[")):
        return json.loads(text)
    ring = [_corner(line, n) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    if ring[0] == ring[-1] and len(ring) > 1:
        ring.pop()
    if len(ring) < FEWEST:
        raise UnfitCorners(0)
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def _corner(line: str, number: int) -> list[float]:
    said = _BETWEEN.split(line.strip())
    try:
        x, y = map(float, said)
    except ValueError:
        raise UnfitCorners(number) from None
    return [x, y]
