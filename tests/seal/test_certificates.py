"""Certificates as documents: the same every time, readable as text, safe from what is in them."""

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from lingnan.kernel.content.certificates import render as rendering
from lingnan.kernel.content.certificates.api import (
    FontMissing,
    TemplateFault,
    cjk_font_folder,
    qr_svg,
    render,
)
from lingnan.kernel.trust.seal.api import seal_pdf, verify_pdf
from tests.seal.authority import Authority

SAMPLE = (Path(__file__).parent / "certificates" / "sample.typ").read_text(encoding="utf-8")
ADDRESS = "https://lingnan.example/verify/44A7-K2QM-9F3D"
DATA: dict[str, Any] = {
    "title": {"zh": "老年人优待证", "en": "Senior Citizen Benefits Certificate"},
    "number": "岭民优〔2026〕0000123号",
    "date": "2026-03-02",
    "body": {"zh": "岭南省民政厅", "en": "Lingnan Provincial Department of Civil Affairs"},
    "holder": {"zh": "持证人", "en": "Holder", "value": "欧阳明月"},
    "fields": [
        {"zh": "性别", "en": "Sex", "value": "女"},
        {"zh": "出生日期", "en": "Date of birth", "value": "1958年11月3日"},
        {"zh": "住址", "en": "Address", "value": "岭南省穗城市幸福社区三栋五〇二室", "wide": True},
        {"zh": "级别", "en": "Grade", "value": 3},
    ],
    "statement": {"zh": "经审核，持证人符合优待条件。", "en": "The holder meets the conditions."},
    "valid": {"zh": "长期有效", "en": "Valid without limit"},
    "verify": {"address": ADDRESS, "qr": qr_svg(ADDRESS)},
    "seal": {"name": "岭南省民政厅"},
    "demonstration": True,
}


@pytest.fixture(scope="module", autouse=True)
def fonts() -> None:
    try:
        cjk_font_folder()
    except FontMissing as problem:
        pytest.skip(str(problem))


def words(pdf: bytes, tmp_path: Path) -> str:
    tool = shutil.which("pdftotext")
    if not tool:
        pytest.skip("pdftotext is not installed")
    (tmp_path / "read.pdf").write_bytes(pdf)
    command = [tool, "-raw", str(tmp_path / "read.pdf"), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return text.replace(" ", "")  # the title is set with wide spaces between its letters


def test_the_same_data_gives_the_same_bytes() -> None:
    first = render(SAMPLE, DATA)
    other = render(SAMPLE, {**DATA, "number": "2"})
    assert first == render(SAMPLE, DATA) != other
    rendering._compiler.cache_clear()
    assert render(SAMPLE, DATA) == first


def test_threads_share_the_compiler() -> None:
    with ThreadPoolExecutor(8) as pool:
        numbers = [str(number % 4) for number in range(32)]
        made = list(pool.map(lambda number: render(SAMPLE, {**DATA, "number": number}), numbers))
    assert len(set(made)) == 4


@pytest.mark.parametrize("orientation", ["portrait", "landscape"])
def test_its_words_can_be_read(tmp_path: Path, orientation: str) -> None:
    text = words(render(SAMPLE, {**DATA, "orientation": orientation}), tmp_path)
    for expected in (
        "老年人优待证",
        "Senior Citizen Benefits Certificate",
        "岭民优〔2026〕0000123号",
        "欧阳明月",
        "1958年11月3日",
        "岭南省穗城市幸福社区三栋五〇二室",
        "经审核，持证人符合优待条件。",
        "岭南省民政厅",
        "2026年3月2日",
        "扫码核验",
        "不具有法律效力",
    ):
        assert expected.replace(" ", "") in text
    assert "\f" not in text.rstrip("\f\n")  # one page


def test_only_a_demonstration_says_so(tmp_path: Path) -> None:
    text = words(render(SAMPLE, {**DATA, "demonstration": False}), tmp_path)
    assert "老年人优待证" in text and "演示" not in text and "效力" not in text


def test_little_data_is_enough(tmp_path: Path) -> None:
    text = words(render(SAMPLE, {"title": {"zh": "证明"}, "date": None}), tmp_path)
    assert "证明" in text


@pytest.mark.parametrize(
    "hostile",
    [
        '#panic("x")',
        '#read("/etc/passwd")',
        "*粗* _斜_ `码`",
        "\\ \\u{41} \\#",
        '"); #data; ("',
        "$x^2$ <label> @ref",
        "= 标题",
        "// 注释",
        "[#set page(width: 1pt)]",
        "]]]})",
        "&lt;b&gt;",
        "~ -- ... 'q'",
    ],
)
def test_hostile_words_are_printed_as_they_are(tmp_path: Path, hostile: str) -> None:
    data = {**DATA, "fields": [{"zh": hostile, "value": hostile}], "number": hostile}
    text = words(render(SAMPLE, data), tmp_path).replace("\n", "")
    straight = text.replace("‘", "'").replace("’", "'").replace("“", '"').replace("”", '"')
    assert straight.replace(" ", "").count(hostile.replace(" ", "")) == 3


def test_a_template_reads_no_file_outside(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    for source in ('#read("secret.txt")', '#read("/../../x")', f'#read("{tmp_path}/secret.txt")'):
        with pytest.raises(TemplateFault):
            render(source, {})


def test_faults_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError):
        render(SAMPLE, {"number": float("nan")})
    monkeypatch.setenv("LINGNAN_FONTS", str(tmp_path))
    with pytest.raises(FontMissing, match="fonts-noto-cjk"):
        cjk_font_folder()


def test_archive_format_small_and_sealable(tmp_path: Path) -> None:
    pdf = render(SAMPLE, DATA)
    assert b"pdfaid:part>2<" in pdf and b"pdfaid:conformance>B<" in pdf and len(pdf) < 120_000
    authority = Authority(tmp_path)
    sealed = seal_pdf(pdf, authority.seal(), "签发证照", "穗城", "")
    assert verify_pdf(sealed, [authority.root]).problem is None
    assert b"pdfaid:part>2<" in sealed
    assert "欧阳明月" in words(sealed, tmp_path)
