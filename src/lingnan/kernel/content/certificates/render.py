"""Rendering certificate templates to PDF/A-2b with one compiler for the whole process.

A template is one Typst file; it imports the shared layout as `/frame.typ` and finds its data in
`frame.data`. It sees no other file. The same template and data give the same bytes.
"""

from __future__ import annotations

import io
import json
import os
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import segno

if TYPE_CHECKING:
    import typst

FONT = "NotoSerifCJK-Regular.ttc"
FONT_FOLDERS = (
    "/usr/share/fonts/opentype/noto",  # Debian, Ubuntu
    "/usr/share/fonts/noto-cjk",  # Arch
    "/usr/share/fonts/google-noto-serif-cjk-fonts",  # Fedora, openEuler
)
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)  # for a template that sets no date of its own
_LAYOUTS = Path(__file__).parent
_turn = threading.Lock()


class FontMissing(Exception):
    """No font for Chinese is installed; the message names the package that has it."""


class TemplateFault(Exception):
    """A template does not compile with this data; the message says where."""


def cjk_font_folder() -> Path:
    """The folder of the Noto Serif CJK fonts: `LINGNAN_FONTS`, or where distributions put them.

    Raises `FontMissing`.
    """
    chosen = os.environ.get("LINGNAN_FONTS")
    for folder in (chosen,) if chosen else FONT_FOLDERS:
        if Path(folder, FONT).is_file():
            return Path(folder)
    raise FontMissing(
        f"No {FONT} in {chosen or 'the usual folders'}: install the Debian package fonts-noto-cjk,"
        " or name the folder in LINGNAN_FONTS."
    )


def render(template: str, data: Mapping[str, Any]) -> bytes:
    """The certificate of a template's text as PDF/A-2b; safe in threads.

    Only the glyphs it uses are embedded. `data` is a JSON object; `frame.typ` says what it reads
    of it. Raises `FontMissing`, `TemplateFault`, ValueError when data is not JSON.
    """
    # Here, so that a process that draws nothing does not carry it.
    import typst

    inputs = {"data": json.dumps(data, ensure_ascii=False, allow_nan=False)}
    source = template.encode()
    with _turn:
        try:
            pdf = _compiler().compile(
                source,
                format="pdf",
                sys_inputs=inputs,
                pdf_standards="a-2b",
                timestamp=_EPOCH,
            )
        except typst.TypstError as problem:
            detail = " ".join(filter(None, (problem.message, *problem.hints)))
            raise TemplateFault(detail) from problem
    if not isinstance(pdf, bytes):
        raise TemplateFault("no document")
    return pdf


def qr_svg(text: str) -> str:
    """A QR code (ISO/IEC 18004, error correction M) as SVG, for `verify.qr` of the data."""
    output = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(output, kind="svg", border=0, xmldecl=False, omitsize=True)
    return output.getvalue().decode()


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    """Only the folder of CJK fonts is looked at: system fonts differ, and cost memory."""
    import typst

    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[cjk_font_folder()],
    )
    return typst.Compiler(root=_LAYOUTS, font_paths=fonts, ignore_system_fonts=True)
