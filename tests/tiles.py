"""Reading vector tiles, apart from what writes them."""

import struct
from typing import Any


def fields(data: bytes) -> list[tuple[int, Any]]:
    """The fields of a message of protocol buffers, as bytes or numbers."""
    found: list[tuple[int, Any]] = []
    at = 0

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            value |= (data[at] & 0x7F) << shift
            at, shift = at + 1, shift + 7
            if not data[at - 1] & 0x80:
                return value

    while at < len(data):
        key = varint()
        if key & 7 == 0:
            found.append((key >> 3, varint()))
            continue
        length = 8 if key & 7 == 1 else varint()
        found.append((key >> 3, data[at : at + length]))
        at += length
    return found


def numbers(packed: bytes) -> list[int]:
    """Varints one after another."""
    found, value, shift = [], 0, 0
    for byte in packed:
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            found.append(value)
            value = shift = 0
    return found


def one(data: bytes, field: int) -> Any:
    (found,) = [value for number, value in fields(data) if number == field]
    return found


def value_of(data: bytes) -> Any:
    ((field, value),) = fields(data)
    if field == 1:
        return value.decode()
    if field == 3:
        return struct.unpack("<d", value)[0]
    return bool(value) if field == 7 else (value >> 1) ^ -(value & 1)


def properties(layer: bytes, feature: bytes) -> dict[str, Any]:
    """What a feature of a layer says of itself."""
    names = [value.decode() for number, value in fields(layer) if number == 3]
    values = [value_of(value) for number, value in fields(layer) if number == 4]
    tags = numbers(one(feature, 2))
    return {names[n]: values[v] for n, v in zip(tags[::2], tags[1::2], strict=True)}


def rings(feature: bytes) -> list[list[tuple[int, int]]]:
    """The parts of a feature's geometry, without closing points."""
    found: list[list[tuple[int, int]]] = []
    x = y = 0
    said = iter(numbers(one(feature, 4)))
    for command in said:
        for _ in range(command >> 3 if command & 7 != 7 else 0):
            x, y = (
                at + ((step >> 1) ^ -(step & 1)) for at, step in ((x, next(said)), (y, next(said)))
            )
            if command & 7 == 1:
                found.append([])
            found[-1].append((x, y))
    return found
