"""A plain OFD document: a title, lines of label and value, notes (GB/T 33190-2016).

UNVERIFIED: the elements follow public descriptions of the standard. Neither its text nor a licensed
reader was at hand, so nothing here says that a document keeps the standard.

Measures are millimetres on A4. The font is named (宋体), not embedded. Nothing is written that is
not given: the same document has the same bytes.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

NAMESPACE = "http://www.ofdspec.org/2016"
ENTRY = "OFD.xml"
DOCUMENT = "Doc_0/Document.xml"
RESOURCES = "Doc_0/PublicRes.xml"
SIGNATURES = "Doc_0/Signs/Signatures.xml"
WIDTH, HEIGHT = 210, 297
UNVERIFIED = "版式与签章结构依公开资料编写，未经标准文本和持证阅读器核实 UNVERIFIED"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NS = f'xmlns:ofd="{NAMESPACE}"'
_LEFT, _VALUES, _RIGHT, _TOP, _BOTTOM = 22.0, 68.0, 190.0, 52.0, 225.0
_LAYER, _FONT, _FIRST_PAGE, _PER_PAGE = 1, 2, 10, 1_000
_IDENTIFIER = re.compile(r"[0-9a-f]{32}")
_MARKED = re.compile(r'<ofd:CustomData Name="mark">([A-Za-z0-9-]{1,64})</ofd:CustomData>')
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What would show a text in another order than it is written."""


@dataclass(frozen=True, slots=True)
class Document:
    """`identifier` is 32 hexadecimal digits; `mark` names what the document is of (letters, digits,
    hyphens); `day` is `2026-03-02`. Raises ValueError for these, and for characters that no text
    may have."""

    identifier: str
    mark: str
    title: str
    day: str
    creator: str
    lines: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        fit = _IDENTIFIER.fullmatch(self.identifier) and _DAY.fullmatch(self.day)
        if not fit or not re.fullmatch(r"[A-Za-z0-9-]{1,64}", self.mark):
            raise ValueError("An identifier, a mark and a day of an OFD document.")
        if not self.title.strip():
            raise ValueError("A document has a title.")
        for text in (
            self.title,
            self.creator,
            *self.notes,
            *(t for row in self.lines for t in row),
        ):
            refuse_unfit(text)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A text on its page: left and top edge, size of its letters."""

    x: float
    y: float
    size: float
    text: str


def refuse_unfit(text: str) -> None:
    """Raises ValueError for what XML cannot hold or a reader would not see as it stands. Line ends
    are none of it."""
    for letter in text:
        kind, number = unicodedata.category(letter), ord(letter)
        unfit = kind in ("Cc", "Cs") and letter not in "\r\n"
        if unfit or letter in _TURNING or number & 0xFFFE == 0xFFFE or 0xFDD0 <= number <= 0xFDEF:
            raise ValueError(f"U+{number:04X} may not stand in a document.")


def files(document: Document) -> list[tuple[str, bytes]]:
    """The files of the document, the entry first, without those of a signature."""
    pages = _pages(document)
    made = [(ENTRY, _entry(document)), (DOCUMENT, _document(len(pages))), (RESOURCES, _resources())]
    made += [(page_name(n), _page(n, placed)) for n, placed in enumerate(pages)]
    return [(name, xml(text)) for name, text in made]


def page_name(number: int) -> str:
    return f"Doc_0/Pages/Page_{number}/Content.xml"


def page_id(number: int) -> int:
    """The identifier of a page, by which a seal says where it stands."""
    return _FIRST_PAGE + number * _PER_PAGE


def mark_of(entry: bytes) -> str:
    """What the document says that it is of; empty where it does not say."""
    found = _MARKED.findall(entry.decode("utf-8", "replace"))
    return str(found[0]) if len(found) == 1 else ""


def xml(text: str) -> bytes:
    """A file of the package with its first line."""
    return (_HEAD + text + "\n").encode()


def _entry(document: Document) -> str:
    return (
        f'<ofd:OFD {_NS} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo>'
        f"<ofd:DocID>{document.identifier}</ofd:DocID><ofd:Title>{escape(document.title)}"
        f"</ofd:Title><ofd:CreationDate>{document.day}</ofd:CreationDate>"
        f"<ofd:Creator>{escape(document.creator)}</ofd:Creator><ofd:CustomDatas>"
        f'<ofd:CustomData Name="mark">{document.mark}</ofd:CustomData></ofd:CustomDatas>'
        f"</ofd:DocInfo><ofd:DocRoot>{DOCUMENT}</ofd:DocRoot>"
        f"<ofd:Signatures>{SIGNATURES}</ofd:Signatures></ofd:DocBody></ofd:OFD>"
    )


def _document(pages: int) -> str:
    listed = "".join(
        f'<ofd:Page ID="{page_id(n)}" BaseLoc="{page_name(n).removeprefix("Doc_0/")}"/>'
        for n in range(pages)
    )
    return (
        f"<ofd:Document {_NS}><ofd:CommonData><ofd:MaxUnitID>{page_id(pages)}</ofd:MaxUnitID>"
        f"<ofd:PageArea><ofd:PhysicalBox>0 0 {WIDTH} {HEIGHT}</ofd:PhysicalBox></ofd:PageArea>"
        "<ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData>"
        f"<ofd:Pages>{listed}</ofd:Pages></ofd:Document>"
    )


def _resources() -> str:
    return (
        f'<ofd:Res {_NS} BaseLoc="Res"><ofd:Fonts>'
        f'<ofd:Font ID="{_FONT}" FontName="宋体" FamilyName="宋体"/></ofd:Fonts></ofd:Res>'
    )


def _page(number: int, placed: Sequence[_Placed]) -> str:
    first = page_id(number)
    objects = "".join(_object(first + _LAYER + n, one) for n, one in enumerate(placed, 1))
    return (
        f"<ofd:Page {_NS}><ofd:Area><ofd:PhysicalBox>0 0 {WIDTH} {HEIGHT}</ofd:PhysicalBox>"
        f'</ofd:Area><ofd:Content><ofd:Layer ID="{first + _LAYER}" Type="Body">{objects}'
        "</ofd:Layer></ofd:Content></ofd:Page>"
    )


def _object(identifier: int, one: _Placed) -> str:
    """A text; how far each letter is from the next is said, for not every reader measures."""
    widths = [_width(letter, one.size) for letter in one.text]
    deltas = " ".join(f"{width:g}" for width in widths[:-1])
    box = f"{one.x:g} {one.y:g} {sum(widths):g} {one.size * 1.4:g}"
    moved = f" DeltaX={quoteattr(deltas)}" if deltas else ""
    return (
        f'<ofd:TextObject ID="{identifier}" Boundary="{box}" Font="{_FONT}" Size="{one.size:g}">'
        f'<ofd:TextCode X="0" Y="{one.size:g}"{moved}>{escape(one.text)}</ofd:TextCode>'
        "</ofd:TextObject>"
    )


def _pages(document: Document) -> list[list[_Placed]]:
    """Texts page by page: the title on the first, the notes after the last line."""
    middle = max(10.0, (WIDTH - sum(_width(one, 8) for one in document.title)) / 2)
    pages, y = [[_Placed(middle, 28, 8, document.title)]], _TOP
    for label, value in document.lines:
        for number, part in enumerate(_wrapped(value, 4.5, _RIGHT - _VALUES) or [""]):
            if y > _BOTTOM:
                pages, y = [*pages, []], 25.0
            if number == 0:
                pages[-1] += [_Placed(_LEFT, y, 4.5, one) for one in (label,) if one]
            pages[-1] += [_Placed(_VALUES, y, 4.5, part)] if part else []
            y += 9.0
    foot = [part for note in (*document.notes, UNVERIFIED) for part in _wrapped(note, 3, 165)]
    for number, part in enumerate(reversed(foot)):
        pages[-1].append(_Placed(_LEFT, 284 - 4.5 * number, 3, part))
    return pages


def _wrapped(text: str, size: float, room: float) -> list[str]:
    return [part for line in text.splitlines() for part in _cut(line, size, room)]


def _cut(line: str, size: float, room: float) -> Iterator[str]:
    part, used = "", 0.0
    for letter in line:
        width = _width(letter, size)
        if part and used + width > room:
            yield part
            part, used = "", 0.0
        part, used = part + letter, used + width
    if part:
        yield part


def _width(letter: str, size: float) -> float:
    """Chinese characters are as wide as they are high, others half of that."""
    return size if unicodedata.east_asian_width(letter) in "WFA" else size / 2
