"""What somebody asks to have verified: a number, a file, or nothing of use."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from lingnan.kernel.ui import api as ui


def sought(**typed: Any) -> ui.Sought:
    return ui.sought(RequestFactory().post("/", typed), "Number", "File")


def upload(size: int) -> SimpleUploadedFile:
    return SimpleUploadedFile("paper.pdf", b"x" * size, "application/pdf")


def test_nothing_is_asked_before_the_form_is_sent() -> None:
    one = ui.sought(RequestFactory().get("/?number=A1"), "Number", "File")
    assert (one.number, one.file, one.status, one.form.errors) == ("", None, 200, None)


@pytest.mark.parametrize(
    ("typed", "number"),
    [(" yz 00-1a ", "YZ001A"), ("A" * 41, "A" * 40), ("</b>", "B")],
)
def test_a_number_is_read_as_it_is_printed(typed: str, number: str) -> None:
    one = sought(number=typed)
    assert (one.number, one.status) == (number, 200)


def test_a_file_goes_before_a_number_and_has_a_size() -> None:
    one = sought(number="YZ1", file=upload(3))
    assert (one.file, one.number) == (b"xxx", "")
    assert sought(file=upload(8 * 1024 * 1024)).file is not None
    one = sought(number="YZ1", file=upload(8 * 1024 * 1024 + 1))
    assert (one.file, one.number, one.status) == (None, "", 413)
    assert one.form.errors is not None


@pytest.mark.parametrize("typed", ["", " - ", "…"])
def test_what_is_no_number_is_asked_again(typed: str) -> None:
    one = sought(number=typed)
    assert (one.number, one.status) == ("", 422) and one.form.errors is not None


def test_a_verdict_has_the_common_words_or_those_of_its_page() -> None:
    assert ui.verdict("genuine", "This is genuine").kind == "ok"
    assert ui.verdict("superseded", "Superseded", "Another day").text == "Another day"
    own = ui.verdict("void", "Void")
    assert (own.kind, own.text) == ("late", "")
    assert ui.verdict("altered", "Changed").text
