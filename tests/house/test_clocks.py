"""Every clock has a name in both languages, since supervision shows those of all systems."""

import re
from pathlib import Path

import pytest

import lingnan
from lingnan.kernel.duty.api import Clock, clocks

SOURCE = Path(lingnan.__file__).parent
STARTED = re.compile(r"clocks\.start\(\s*[^,]+,\s*([^,]+),")
NAMED = re.compile(r'clocks\.named\(\s*([A-Z_]+|"\w+")')


def modules() -> list[str]:
    files = (path for path in SOURCE.rglob("*.py") if "tests" not in path.parts)
    texts = (path.read_text(encoding="utf-8") for path in files)
    return [text for text in texts if "clocks.start(" in text]


def test_who_starts_a_clock_names_one() -> None:
    found = modules()
    assert len(found) > 10
    bare = [
        code
        for text in found
        for code in STARTED.findall(text)
        if not NAMED.search(text) and "clock.CODE" not in code
    ]
    # A demonstration and a decision start clocks that are named where their rule stands.
    assert set(bare) <= {"code", '"delivery"', '"decision"'}, bare


@pytest.mark.django_db
def test_every_clock_of_the_demonstration_has_a_name() -> None:
    codes = set(Clock.objects.values_list("code", flat=True))
    assert len(codes) >= 3
    assert [code for code in codes if clocks.title_of(code) is None] == []


def test_a_code_has_one_name() -> None:
    assert str(clocks.title_of("formal_check:2")) == "形式审查"
    assert clocks.title_of("nothing") is None
    assert clocks.named("formal_check", "形式审查", "Check for completeness") == "formal_check"
    try:
        clocks.named("formal_check", "审查", "Check")
    except ValueError:
        return
    raise AssertionError("a second name was taken")
