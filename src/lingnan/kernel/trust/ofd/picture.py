"""The picture of a seal: a red ring and a star, as a PNG file (ISO/IEC 15948;
unverified: its text was not at hand).

It says nothing by itself, and the body's name stands in the seal's data and in the document: a
picture can be copied, a signature cannot.
"""

import math
import struct
import zlib
from functools import lru_cache

MILLIMETRES = 40
_SIDE = 200
_INK, _CLEAR = 1, 0
_RED = bytes((200, 22, 29))
_CORNERS = 5


@lru_cache(maxsize=1)
def png() -> bytes:
    """200 × 200 points in two colours, one of them clear; the same bytes each time."""
    lines = b"".join(b"\0" + _packed(y) for y in range(_SIDE))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, data)
        for kind, data in (
            (b"IHDR", struct.pack(">IIBBBBB", _SIDE, _SIDE, 1, 3, 0, 0, 0)),
            (b"PLTE", b"\xff\xff\xff" + _RED),
            (b"tRNS", b"\x00\xff"),
            (b"IDAT", zlib.compress(lines, 9)),
            (b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    whole = kind + data
    return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))


def _packed(y: int) -> bytes:
    """A line, eight points to an octet."""
    points = [_point(x, y) for x in range(_SIDE)]
    octets = (points[at : at + 8] for at in range(0, _SIDE, 8))
    return bytes(sum(bit << 7 - place for place, bit in enumerate(eight)) for eight in octets)


def _point(x: int, y: int) -> int:
    middle = (_SIDE - 1) / 2
    right, up = (x - middle) / middle, (middle - y) / middle
    far = math.hypot(right, up)
    return _INK if 0.92 <= far <= 0.995 or far <= _star(math.atan2(right, up)) else _CLEAR


def _star(angle: float) -> float:
    """How far a star of five corners, one upwards, reaches in a direction: the straight edge
    between a corner and the notch beside it."""
    step = math.pi / _CORNERS
    turned = abs((angle + step) % (2 * step) - step)
    outer, inner = 0.36, 0.1375
    edge_x, edge_y = inner * math.cos(step) - outer, inner * math.sin(step)
    return outer * edge_y / (math.cos(turned) * edge_y - math.sin(turned) * edge_x)
