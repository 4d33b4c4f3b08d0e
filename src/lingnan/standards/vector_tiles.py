"""Mapbox vector tiles, version 2.1: layers of features in the whole numbers of a tile.

Written as protocol buffers by hand: three messages need no compiler. A tile holds layers, a layer
its features, the names of their properties and the values, each once.
"""

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

EXTENT = 4096
VERSION = 2
Point = tuple[int, int]
Kind = Literal["point", "line", "area"]
Value = str | int | float | bool
_KINDS: Mapping[Kind, int] = {"point": 1, "line": 2, "area": 3}
_MOVE, _LINE, _CLOSE = 1, 2, 7
_LEAST: Mapping[Kind, int] = {"point": 1, "line": 2, "area": 3}


@dataclass(frozen=True, slots=True)
class Feature:
    """`parts`: of points one part of all of them; lines; or rings without their closing point.

    Rings run in tile coordinates (y downward): those around an area clockwise as seen, those of
    holes behind them the other way (specification 4.3.4.4); `encode` turns none.
    """

    kind: Kind
    parts: Sequence[Sequence[Point]]
    properties: Mapping[str, Value]
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Layer:
    """Features under a name that no other layer of the tile has."""

    name: str
    features: Sequence[Feature]
    extent: int = EXTENT


def encode(layers: Iterable[Layer]) -> bytes:
    """A tile. Layers without features are left out (4.1). Raises ValueError for a name twice, a
    part with too few points, and a property that is no text, number or truth value."""
    told = [layer for layer in layers if layer.features]
    if len({layer.name for layer in told}) != len(told):
        raise ValueError("two layers of a tile have one name")
    return b"".join(_message(3, _layer(layer)) for layer in told)


def _layer(layer: Layer) -> bytes:
    names: dict[str, int] = {}
    values: dict[tuple[type, Value], int] = {}
    features = [_feature(one, names, values) for one in layer.features]
    return b"".join(
        [
            _message(1, layer.name.encode()),
            *(_message(2, one) for one in features),
            *(_message(3, name.encode()) for name in names),
            *(_message(4, _value(value)) for _kind, value in values),
            _number(5, layer.extent),
            _number(15, VERSION),
        ]
    )


def _feature(one: Feature, names: dict[str, int], values: dict[tuple[type, Value], int]) -> bytes:
    tags: list[int] = []
    for name, value in one.properties.items():
        # 1, 1.0 and True are equal, and three values of a tile.
        said = (type(value), value)
        tags += [names.setdefault(name, len(names)), values.setdefault(said, len(values))]
    number = b"" if one.number is None else _number(1, one.number)
    packed = _message(2, _packed(tags)) if tags else b""
    return number + packed + _number(3, _KINDS[one.kind]) + _message(4, _packed(_commands(one)))


def _commands(one: Feature) -> list[int]:
    """Geometry (4.3): commands with their counts, and steps from the point before."""
    found: list[int] = []
    before = (0, 0)
    if not one.parts:
        raise ValueError("a feature has a part")
    for part in one.parts:
        if len(part) < _LEAST[one.kind]:
            raise ValueError(f"{one.kind} with {len(part)} points")
        first = len(part) if one.kind == "point" else 1
        found.append(_MOVE | first << 3)
        for place, point in enumerate(part):
            if place == first:
                found.append(_LINE | (len(part) - first) << 3)
            found += [_zigzag(point[0] - before[0]), _zigzag(point[1] - before[1])]
            before = point
        if one.kind == "area":
            found.append(_CLOSE | 1 << 3)
    return found


def _value(value: Value) -> bytes:
    if isinstance(value, bool):
        return _number(7, int(value))
    if isinstance(value, int):
        return _number(6, _zigzag(value))
    if isinstance(value, float):
        return _key(3, 1) + struct.pack("<d", value)
    if isinstance(value, str):
        return _message(1, value.encode())
    raise ValueError(f"no value of a tile: {value!r}")


def _zigzag(number: int) -> int:
    return number * 2 if number >= 0 else -number * 2 - 1


def _packed(numbers: Iterable[int]) -> bytes:
    return b"".join(map(_varint, numbers))


def _varint(number: int) -> bytes:
    if not 0 <= number < 1 << 64:
        raise ValueError(f"a number that has no place in a tile: {number}")
    found = bytearray()
    while number >= 0x80:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    found.append(number)
    return bytes(found)


def _key(field: int, wire: int) -> bytes:
    return _varint(field << 3 | wire)


def _number(field: int, number: int) -> bytes:
    return _key(field, 0) + _varint(number)


def _message(field: int, content: bytes) -> bytes:
    return _key(field, 2) + _varint(len(content)) + content
