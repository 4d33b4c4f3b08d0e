"""The reader of text files: whatever bytes come, each row is read or is said to be bad."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lingnan.kernel.registry.importing import texts
from lingnan.kernel.registry.importing.days import read_day
from lingnan.kernel.registry.importing.texts import TextSource

pytestmark = pytest.mark.kernel
WORD = st.text(st.characters(codec="gb18030", exclude_categories=("Cs", "Cc", "Co", "Cn"),
                             exclude_characters="\ufffd\ufeff"), max_size=12)  # fmt: skip
CELL = WORD | st.builds(lambda a, b: f'{a}"\n,{b}', WORD, WORD)
ROW = st.lists(CELL, min_size=2, max_size=5).filter(lambda row: any(row))
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"])
SOME = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def read(path: Path, content: bytes, encoding: str, delimiter: str = ",") -> list[texts.Row]:
    path.write_bytes(content)
    return list(TextSource(path, encoding, delimiter).rows())


def written(rows: list[list[str]], delimiter: str, newline: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=newline).writerows(rows)
    return text.getvalue()


@SOME
@given(
    st.lists(ROW, min_size=1, max_size=12), ENCODINGS, st.sampled_from(list(texts.DELIMITERS)),
    st.sampled_from(["\n", "\r\n"]),
)  # fmt: skip
def test_what_was_written_is_read(
    tmp_path: Path, rows: list[list[str]], encoding: str, delimiter: str, newline: str
) -> None:
    content = written(rows, delimiter, newline).encode(encoding)
    known = "utf-8" if encoding == "utf-8-sig" else encoding
    found = read(tmp_path / "file", content, known, delimiter)
    if encoding == "gb18030":
        # Bytes of GB 18030 may by chance be UTF-8 too; then the words differ, not the rows.
        assert len(found) == len(rows) or any(fault for _n, _c, fault in found)
        return
    assert [cells for _n, cells, _f in found] == rows
    assert not any(fault for _n, _c, fault in found)


@SOME
@given(st.binary(max_size=400), st.sampled_from(texts.ENCODINGS))
def test_no_bytes_break_the_reader(tmp_path: Path, content: bytes, encoding: str) -> None:
    found = read(tmp_path / "file", content, encoding)
    assert [number for number, _c, _f in found] == list(range(1, len(found) + 1))
    for _number, cells, fault in found:
        lost = any("\ufffd" in cell or "\x00" in cell for cell in cells)
        assert fault or not lost, "what is lost is said"


@SOME
@given(st.integers(0, 30), st.binary(min_size=1, max_size=20), st.booleans())
def test_a_bad_line_spoils_no_other(tmp_path: Path, place: int, noise: bytes, quoted: bool) -> None:
    lines = [f"K{n:03d},龙津东路{n}号".encode() for n in range(31)]
    noise = noise.replace(b"\n", b"").replace(b"\r", b"").replace(b'"', b"")
    lines[place] = b'K,"' + noise if quoted else b"K,\xff\xfe" + noise
    found = read(tmp_path / "file", b"\n".join(lines), "utf-8")
    assert len(found) == 31
    assert [number for number, _c, fault in found if fault] == [place + 1]
    good = [cells[0] for _n, cells, fault in found if not fault]
    assert good == [f"K{n:03d}" for n in range(31) if n != place]


@given(st.dates())
def test_a_day_is_read_in_every_usual_form(day: object) -> None:
    from datetime import date

    assert isinstance(day, date)
    year, month, number = f"{day.year:04d}", day.month, day.day
    forms = [
        f"{year}-{month:02d}-{number:02d}", f"{year}/{month}/{number}", f"{year}.{month}.{number}",
        f"{year}{month:02d}{number:02d}", f"{year}年{month}月{number}日",
    ]  # fmt: skip
    assert {read_day(form) for form in forms} == {day}
