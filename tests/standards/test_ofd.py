"""OFD documents as XML: what is given stands in them, once, in order, and nothing else."""

import xml.etree.ElementTree as ET
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingnan.standards import ofd

NS = {"ofd": ofd.NAMESPACE}
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Cn", "Z")))


def document(**changed: Any) -> ofd.Document:
    told: dict[str, Any] = {
        "identifier": "0" * 32, "mark": "AB12", "title": "卫生许可证", "day": "2026-03-02",
        "creator": "荔湾区", "lines": (("名称", "早茶<店> & 茶"), ("编号", "A-1")),
        "notes": ("注",),
    }  # fmt: skip
    return ofd.Document(**(told | changed))


def texts(made: ofd.Document) -> list[list[str]]:
    """What each page says, text by text."""
    pages = [data for name, data in ofd.files(made) if "/Pages/" in name]
    return [[code.text or "" for code in ET.fromstring(page).iterfind(".//ofd:TextCode", NS)]
            for page in pages]  # fmt: skip


def test_a_document_says_what_is_given() -> None:
    (page,) = texts(document())
    assert page[:5] == ["卫生许可证", "名称", "早茶<店> & 茶", "编号", "A-1"]
    assert set(page[5:]) == {"注", ofd.UNVERIFIED}
    assert ofd.files(document()) == ofd.files(document())
    assert ofd.mark_of(ofd.files(document())[0][1]) == "AB12"


def test_every_file_that_is_named_is_there() -> None:
    made = dict(ofd.files(document(lines=(("长", "字" * 900),))))
    entry, root = ET.fromstring(made[ofd.ENTRY]), ET.fromstring(made[ofd.DOCUMENT])
    assert entry.findtext(".//ofd:DocRoot", namespaces=NS) == ofd.DOCUMENT
    pages = [f"Doc_0/{one.get('BaseLoc')}" for one in root.iterfind(".//ofd:Page", NS)]
    assert len(pages) == 2 and {ofd.ENTRY, ofd.DOCUMENT, ofd.RESOURCES, *pages} == set(made)
    numbers = [one.get("ID") for data in made.values() for one in ET.fromstring(data).iter()
               if one.get("ID") and not one.tag.endswith("}Page")]  # fmt: skip
    assert len(numbers) == len(set(numbers))


def test_long_values_go_on_within_the_page() -> None:
    made = document(lines=(("长", "字" * 900),))
    said = "".join(part for page in texts(made) for part in page)
    assert said.count("字") == 900
    for name, data in ofd.files(made):
        objects = ET.fromstring(data).iterfind(".//ofd:TextObject", NS)
        for one in objects if "/Pages/" in name else ():
            x, y, width, height = map(float, one.get("Boundary", "").split())
            assert x + width <= ofd.WIDTH and y + height <= ofd.HEIGHT


@given(WORDS, WORDS)
def test_any_words_come_back(label: str, value: str) -> None:
    said = "".join(part for page in texts(document(lines=((label, value),))) for part in page)
    assert said.startswith(f"卫生许可证{label}{''.join(value.splitlines())}")


@pytest.mark.parametrize("letter", ["\0", "\x1b", "\x7f", "\ud800", "\ufffe", "\u202e", "\t"])
def test_what_may_not_stand_is_refused(letter: str) -> None:
    for changed in ({"title": letter + "证"}, {"lines": ((letter, "a"),)}, {"notes": (letter,)}):
        with pytest.raises(ValueError):
            document(**changed)


@pytest.mark.parametrize(
    "changed", [{"identifier": "A"}, {"mark": "<"}, {"day": "2. März"}, {"title": " "}]
)
def test_names_are_of_their_form(changed: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        document(**changed)
