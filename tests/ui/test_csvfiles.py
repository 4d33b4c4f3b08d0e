"""Files of comma-separated values: what leaves is read back as it was, and runs nowhere."""

import csv
import io
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as some

from lingnan.kernel.ui import api as ui

TEXTS = some.text(some.characters(codec="utf-8", exclude_characters="\r\n\0"))


@given(some.lists(TEXTS, min_size=1))
def test_a_line_is_read_back_and_none_of_its_cells_begins_a_formula(cells: list[str]) -> None:
    (read,) = list(csv.reader(io.StringIO(ui.csv_line(cells)))) or [[""]]
    assert not [cell for cell in read if cell.startswith(ui.FORMULA)]
    back = [cell[1:] if cell[:1] == "'" and cell[1:2] in ui.FORMULA else cell for cell in read]
    quoted = [cell.removeprefix("'") if cell[:2] in {f"'{one}" for one in ui.FORMULA} else cell
              for cell in cells]  # fmt: skip
    assert back == quoted


def test_numbers_and_days_stay_what_they_are() -> None:
    cells = [-3, Decimal("-12.50"), 0.5, None, date(2026, 3, 2), "-3", "=1+1", "'"]
    assert ui.csv_line(cells) == "-3,-12.50,0.5,,2026-03-02,'-3,'=1+1,'\r\n"
    assert ui.csv_line(["a", "b;c"], ";") == 'a;"b;c"\r\n'


def test_a_file_is_saved_under_its_name_and_read_by_spreadsheets_as_utf_8() -> None:
    answer = ui.csv_file("places.csv", [["名称"], ["=x"]])
    assert answer.content == "\ufeff名称\r\n'=x\r\n".encode()
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="places.csv"'
