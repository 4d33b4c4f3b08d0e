"""Drawing a report as PDF/A-2b. The content room has no door for systems: see the README."""

import io
import json
import os
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
import typst

TEMPLATE = Path(__file__).parent / "report.typ"
FONT = "NotoSerifCJK-Regular.ttc"
FONT_FOLDERS = (
    "/usr/share/fonts/opentype/noto",
    "/usr/share/fonts/noto-cjk",
    "/usr/share/fonts/google-noto-serif-cjk-fonts",
)
_turn = threading.Lock()


class FontMissing(Exception):
    """No font for Chinese is installed, or where LINGNAN_FONTS says."""


def render(data: Mapping[str, Any]) -> bytes:
    """The report of this data. Raises FontMissing."""
    with _turn:
        pdf = _compiler().compile(
            TEMPLATE.read_bytes(),
            format="pdf",
            sys_inputs={"data": json.dumps(data, ensure_ascii=False, allow_nan=False)},
            pdf_standards="a-2b",
            timestamp=datetime(2020, 1, 1, tzinfo=UTC),
        )
    assert isinstance(pdf, bytes)
    return pdf


def qr_svg(text: str) -> str:
    """A QR code (ISO/IEC 18004, error correction M) as SVG."""
    output = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(output, kind="svg", border=0, xmldecl=False, omitsize=True)
    return output.getvalue().decode()


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    chosen = os.environ.get("LINGNAN_FONTS")
    folders = (chosen,) if chosen else FONT_FOLDERS
    folder = next((one for one in folders if Path(one, FONT).is_file()), None)
    if folder is None:
        raise FontMissing(FONT)
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
    )
    return typst.Compiler(root=str(TEMPLATE.parent), font_paths=fonts, ignore_system_fonts=True)
