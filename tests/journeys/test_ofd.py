"""A certificate taken as OFD: it says what was decided, and anybody verifies it here."""

import re
from pathlib import Path

import pytest
from django.test import Client

from lingnan.kernel.matters.api import Certificate
from lingnan.kernel.trust import archives, node_ofd
from lingnan.kernel.trust.api import node_evidence, node_seals
from lingnan.kernel.trust.certification import register
from lingnan.kernel.trust.keystore import sm2
from lingnan.kernel.trust.keystore.keys import KeyStoreUnavailable
from lingnan.kernel.trust.ofd import package
from lingnan.kernel.trust.pki.revoking import Reason
from tests.journeys.test_certificates import CHANGED, GENUINE, verdict
from tests.people import SHOP, Person, register_business
from tests.seal.sm2_authority import PAPER, Sm2Authority

pytestmark = pytest.mark.django_db
FOREIGN = "没有本省的电子印章"
HOLDER = "resident-440103"


@pytest.fixture
def licence() -> Certificate:
    return Certificate.objects.get(case__number=register_business(Person(HOLDER)))


def taken(licence: Certificate) -> bytes:
    answer = Person(HOLDER).client.post(f"/certificates/{licence.code}.ofd")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/ofd"
    return bytes(answer.content)


def said(made: bytes) -> str:
    files = dict(archives.unpack(made, package.NAMES))
    pages = [text.decode() for name, text in files.items() if "/Pages/" in name]
    return "".join(part for page in pages for part in re.findall(r">([^<]+)</ofd:TextCode>", page))


def test_the_holder_takes_it_and_anybody_verifies_it(licence: Certificate) -> None:
    made = taken(licence)
    text = said(made)
    for value in (SHOP["business_name"], licence.number, licence.code, licence.body_zh,
                  "2026年3月2日", "演示数据", "UNVERIFIED"):  # fmt: skip
        assert value in text, value
    shown = verdict(made)
    assert GENUINE in shown and licence.number in shown and "不成立" not in shown
    for words in ("国密根证书", "SM2 签名由", "未被吊销", "印章自称的时间", "没有持证阅读器"):
        assert words in shown, words
    found = node_evidence.reader().by_reference(licence.case.number, limit=500)
    assert [entry.kind for entry in found].count("certificate.as_ofd") == 1


def test_the_sm2_seal_stands_beside_that_of_the_pdf(licence: Certificate) -> None:
    """A body has both; each is used for its own documents."""
    first, second = node_ofd.verify(taken(licence)), node_ofd.verify(taken(licence))
    assert first.genuine and first.serial == second.serial
    body = node_seals.Body.objects.get(code=licence.case.body)
    assert node_seals.key_of(body).serial != first.serial


def test_what_was_changed_or_is_of_others(licence: Certificate) -> None:
    made = taken(licence)
    flipped = (
        made[: len(made) // 2] + bytes([made[len(made) // 2] ^ 1]) + made[len(made) // 2 + 1 :]
    )
    assert FOREIGN in verdict(flipped) and GENUINE not in verdict(flipped)
    files = archives.unpack(made, package.NAMES)
    name = SHOP["business_name"].encode()
    other = archives.pack([(one, data.replace(name, b"X" + name)) for one, data in files])
    assert CHANGED in verdict(other) and GENUINE not in verdict(other)


def test_a_seal_of_nobody_known_here(licence: Certificate, tmp_path: Path) -> None:
    province = Sm2Authority(tmp_path)
    made = node_ofd.seal_ofd(PAPER, province.seal(), province.issuing)
    assert node_ofd.verify(taken(licence)).genuine
    assert FOREIGN in verdict(made) and GENUINE not in verdict(made)


def test_a_seal_that_was_taken_back(licence: Certificate) -> None:
    """No time-stamp dates it: after a loss of its key no moment that it tells is believed."""
    made = taken(licence)
    serial = node_ofd.verify(made).serial
    register.set_state(serial, "revoked", Reason.KEY_COMPROMISE, "tests")
    shown = verdict(made)
    assert "电子印章已被吊销" in shown and GENUINE not in shown
    assert node_ofd.verify(taken(licence)).serial != serial


def test_only_its_holder_takes_it(licence: Certificate) -> None:
    for person in (Person("owner-440103"), Person("440103-market-reviewer")):
        answer = person.client.post(f"/certificates/{licence.code}.ofd")
        assert answer.status_code in (403, 404)
    assert Client().post(f"/certificates/{licence.code}.ofd").status_code in (302, 403)
    assert Person(HOLDER).client.get(f"/certificates/{licence.code}.ofd").status_code == 405


def test_where_no_sm2_can_be_had_the_wallet_says_so(
    licence: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: object) -> bytes:
        raise KeyStoreUnavailable("no SM2")

    monkeypatch.setattr(sm2, "make", none)
    monkeypatch.setattr(sm2, "sign", none)
    answer = Person(HOLDER).client.post(f"/certificates/{licence.code}.ofd")
    assert answer.status_code == 503 and "无法制作 OFD" in answer.content.decode()
