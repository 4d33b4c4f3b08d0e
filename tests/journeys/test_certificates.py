"""A certificate says what was decided; anybody can tell a genuine from a changed one."""

import re

import pytest
from django.test import Client

from lingnan.kernel.content import files
from lingnan.kernel.matters.api import Certificate, Decision, sweep
from lingnan.kernel.matters.models import Case
from lingnan.kernel.trust.api import node_seals
from lingnan.kernel.trust.certification import register
from lingnan.kernel.trust.pki.revoking import Reason
from tests.journeys.papers import text_of
from tests.people import PDF, SHOP, Person, file_business, pdf, register_business

pytestmark = pytest.mark.django_db
GENUINE, CHANGED, FOREIGN = "真实有效", "被改动", "不带有"


@pytest.fixture
def licence() -> Certificate:
    return Certificate.objects.get(case__number=register_business(Person("resident-440103")))


def verdict(content: bytes) -> str:
    page = Client().post("/verify/", {"file": pdf("file.pdf", content)})
    assert page.status_code == 200
    found = re.search(r"<h1[^>]*>(.*?)</h1>.*?</main>", page.content.decode(), re.S)
    assert found
    return found[0]


def test_the_sealed_file_says_what_was_declared_and_decided(licence: Certificate) -> None:
    text = text_of(files.read(licence.sha256))
    result = Decision.objects.get(case=licence.case).result
    operator = licence.case.declared["operator_name"]["value"]
    for value in (SHOP["business_name"], SHOP["premises"], SHOP["scope"], operator,
                  result["credit_code"], "2026年3月2日", "荔湾区市场监督管理局",
                  licence.code):  # fmt: skip
        assert value in text, value
    number = licence.case.declared["operator_number"]["value"]
    assert number not in text


def test_a_genuine_file_is_genuine(licence: Certificate) -> None:
    content = files.read(licence.sha256)
    assert node_seals.verify(content).covers_whole_document
    said = verdict(content)
    assert GENUINE in said and licence.number in said
    for words in (
        "内容与印章所覆盖的逐字节一致",
        "Lingnan 时间戳",
        "时未被吊销",
        "演示 Lingnan 岭南根证书",
    ):
        assert words in said, words
    # The worker adds the archive time-stamp a little later.
    assert "不成立" not in said and said.count("未检查") == 1 and "没有存档时间戳" in said


def test_a_seal_that_was_taken_back_is_named(licence: Certificate) -> None:
    """The keys, also that of the time-stamp, may be in other hands: everybody is told, by file, by
    code and as a program."""
    content, revoked = files.read(licence.sha256), "电子印章已被吊销"
    report = node_seals.verify(content)
    register.set_state(report.serial, "revoked", Reason.KEY_COMPROMISE, "tests")
    assert GENUINE in verdict(content), "a time-stamp proves that it was sealed before"
    register.set_state(report.stamped_by, "revoked", Reason.KEY_COMPROMISE, "tests")
    assert revoked in verdict(content) and GENUINE not in verdict(content)
    page = Client().post("/verify/", {"number": licence.code}, follow=True)
    assert revoked in page.content.decode()
    answer = Client().get(f"/api/certificates/{licence.code}").json()
    assert answer["state"] == "revoked"


@pytest.mark.parametrize("place", [0.3, 0.5, 0.7])
def test_a_changed_byte_is_found(licence: Certificate, place: float) -> None:
    content = bytearray(files.read(licence.sha256))
    content[int(len(content) * place)] ^= 1
    assert GENUINE not in verdict(bytes(content))


def test_a_byte_more_is_found(licence: Certificate) -> None:
    assert GENUINE not in verdict(files.read(licence.sha256) + b"\n%more")


def test_half_a_file_is_not_genuine(licence: Certificate) -> None:
    content = files.read(licence.sha256)
    assert GENUINE not in verdict(content[: len(content) // 2])


@pytest.mark.parametrize("content", [PDF, b"%PDF-1.7", b"hello", b"\x89PNG\r\n\x1a\n"])
def test_a_file_of_somebody_else_is_foreign(content: bytes) -> None:
    assert GENUINE not in verdict(content)
    assert CHANGED not in verdict(content)


def test_a_certificate_is_verified_by_its_code_as_people_type_it(licence: Certificate) -> None:
    typed = f" {licence.code[:4].lower()}-{licence.code[4:8]} {licence.code[8:]}"
    page = Client().post("/verify/", {"number": typed}, follow=True)
    shown = page.content.decode()
    assert "本省签发过这份证照" in shown and licence.number in shown
    # The paper in hand is compared line by line: the code alone says nothing of it.
    assert GENUINE not in shown and "经营场所" in shown and SHOP["premises"] in shown


def test_a_code_that_was_never_given_is_not_found() -> None:
    page = Client().get("/verify/ABCDEFGHJKLM/")
    assert page.status_code == 404 and GENUINE not in page.content.decode()


def test_a_file_changed_in_the_store_is_found(licence: Certificate) -> None:
    path = files._path(licence.sha256)
    whole = path.read_bytes()
    try:
        path.write_bytes(whole.replace(b"%%EOF", b"%%EoF", 1))
        page = Client().get(f"/verify/{licence.code}/").content.decode()
        assert GENUINE not in page
        path.unlink()
        assert GENUINE not in Client().get(f"/verify/{licence.code}/").content.decode()
    finally:
        path.write_bytes(whole)


def test_a_certificate_belongs_to_its_holder(licence: Certificate) -> None:
    holder, other = Person("resident-440103"), Person("resident-440106")
    holder.client.get(f"/certificates/{licence.code}.pdf")
    response = holder.client.get(f"/certificates/{licence.code}.pdf")
    assert response.content == files.read(licence.sha256)
    assert other.client.get(f"/certificates/{licence.code}.pdf").status_code == 404
    assert licence.number not in other.get("/certificates/")


def test_a_decision_stands_when_the_seal_fails_and_the_sweep_seals_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    number = file_business(Person("resident-440103"))
    Person("440103-market-clerk").act(number, "accept")
    with monkeypatch.context() as patch:
        patch.setattr(node_seals, "seal", lambda *args: 1 / 0)
        reviewer = Person("440103-market-reviewer")
        reviewer.act(number, "decide", outcome="granted", reasons="材料齐全。")
        assert reviewer.status == 200
        assert sweep()["delivered"] == 0
    assert Case.objects.get(number=number).state == "decided"
    assert sweep()["delivered"] == 1 and sweep()["delivered"] == 0
    assert Certificate.objects.filter(case__number=number).count() == 1
