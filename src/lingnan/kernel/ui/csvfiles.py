"""Files of comma-separated values as they leave the platform: UTF-8 with a mark for spreadsheets,
and no cell that a program which computes tables takes for a formula.
"""

import csv
import io
from collections.abc import Iterable

from django.http import HttpResponse

BOM, TYPE = "\ufeff", "text/csv; charset=utf-8"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a formula begins."""


def csv_cell(value: object) -> object:
    """A text that begins like a formula, after an apostrophe; all else as it is."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def csv_line(cells: Iterable[object], delimiter: str = ",") -> str:
    """One line of such a file, with its end. Nothing (None) is an empty cell."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerow(map(csv_cell, cells))
    return text.getvalue()


def csv_file(name: str, lines: Iterable[Iterable[object]]) -> HttpResponse:
    """The whole as an answer that is saved under a name."""
    content = BOM + "".join(map(csv_line, lines))
    answer = HttpResponse(content, content_type=TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
