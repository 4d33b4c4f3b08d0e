"""From the request to the certificate: two officers, and what neither of them may do."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from asn1crypto import pem
from django.conf import settings
from django.test import Client

from lingnan.kernel.runtime.api import action
from lingnan.kernel.trust.api import (
    Account,
    Holding,
    key_authorities,
    key_certificates,
    node_evidence,
)
from lingnan.systems.government.trust_services.models import CertificateApplication
from lingnan.systems.government.trust_services.tests.certifying import (
    CHECKER,
    HOLDER,
    ISSUER,
    decide,
    desk,
    file,
    issued,
    refused,
)
from tests.people import Person
from tests.pki import asking
from tests.seal.test_certification import Outside, outside

__all__ = ["outside"]
pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def test_an_official_gets_a_certificate_that_anybody_can_verify(outside: Outside) -> None:
    private = asking.key()
    holder = Person(HOLDER)
    number = file(holder, request=asking.request(private))
    assert number in Person(CHECKER).get("/desk/certification/")
    decide(number)
    page = holder.get(f"/certification/mine/{number}/")
    assert "有效" in page
    whole = holder.client.get(f"/certification/mine/{number}/signing.pem").content
    assert whole.count(b"BEGIN CERTIFICATE") == 3, "with its path"
    (outside.folder / "whole.pem").write_bytes(whole)
    (outside.folder / "key.pem").write_bytes(private)
    made = CertificateApplication.objects.get(number=number)
    row = key_certificates.rows().get(serial=made.serial)
    certificate = key_certificates.loaded(row)
    assert "one.pem: OK" in outside.judge(certificate)
    assert "Cert Status: good" in outside.status(certificate)
    assert certificate.subject.native["common_name"] == holder.name
    ours = outside.openssl("pkey", "-in", "key.pem", "-pubout")
    assert outside.openssl("x509", "-in", "one.pem", "-noout", "-pubkey") == ours
    entries = node_evidence.reader().entries("key_certificate.issued", limit=5)
    assert made.serial in [entry.payload["serial"] for entry in entries if entry.payload]


def test_who_checked_does_not_issue_and_nobody_issues_twice() -> None:
    number = file(Person(HOLDER), request=asking.request(asking.key()))
    first = Person(CHECKER)
    first.post(desk(number), act="issue")
    assert first.status == 422, "it is not checked yet"
    first.post(desk(number), act="check", found="核对了任职文件")
    first.post(desk(number), act="issue")
    assert first.status == 422 and "需要两个人" in first.said
    second = Person(ISSUER)
    second.post(desk(number), act="issue")
    assert second.status == 200
    second.post(desk(number), act="issue")
    assert second.status == 422 and "已经办理" in second.said
    rows = key_certificates.rows().filter(holder__startswith="official-")
    assert rows.count() == 1


def test_officers_do_not_decide_about_themselves() -> None:
    number = file(Person(CHECKER), request=asking.request(asking.key()))
    own = Person(CHECKER)
    own.post(desk(number), act="check", found="是我本人")
    assert own.status == 422 and "本人" in own.said
    Person(ISSUER).post(desk(number), act="check", found="核对了任职文件")
    own.post(desk(number), act="issue")
    assert own.status == 422
    assert CertificateApplication.objects.get(number=number).state == "checked"


@pytest.mark.parametrize("login", ["440600-data-certificate_officer", "440103-market-head"])
def test_strangers_neither_see_nor_decide(login: str) -> None:
    number = file(Person(HOLDER), request=asking.request(asking.key()))
    stranger = Person(login)
    stranger.post(desk(number), act="check", found="x")
    assert stranger.status in (403, 404)
    stranger.get(f"/certification/mine/{number}/")
    assert stranger.status == 404


def test_a_refusal_tells_its_reason_and_frees_the_key() -> None:
    request = asking.request(asking.key())
    holder = Person(HOLDER)
    number = file(holder, request=request)
    officer = Person(CHECKER)
    officer.post(desk(number), act="refuse", reason="")
    assert officer.status == 422
    officer.post(desk(number), act="refuse", reason="任职文件与所在机关不符")
    assert "任职文件与所在机关不符" in holder.get(f"/certification/mine/{number}/")
    assert "任职文件与所在机关不符" in holder.get("/messages/")
    assert file(holder, request=request) != number


def test_an_official_who_left_gets_none() -> None:
    number = file(Person(HOLDER), request=asking.request(asking.key()))
    Person(CHECKER).post(desk(number), act="check", found="核对了任职文件")
    account = Account.objects.get(login=HOLDER).key
    with action(by="tests", reason="left") as act:
        act.end(Holding.objects.get(account=account))
    second = Person(ISSUER)
    second.post(desk(number), act="issue")
    assert second.status == 422 and "不再" in second.said
    assert CertificateApplication.objects.get(number=number).state == "checked"


def test_requests_that_are_not_taken_say_why() -> None:
    holder = Person(HOLDER)
    for request, words in (
        (asking.request(asking.key("2048")), "P-256"),
        (asking.request(asking.key("p384")), "曲线"),
        (asking.request(asking.key(), digest="sha1"), "SHA-256"),
        (asking.key(), "私钥"),
        (b"nothing", "PKCS#10"),
        (asking.request(asking.key(), subject="/CN=a\x07b"), "无法显示"),
        (None, "请选择"),
    ):
        assert words in refused(holder, "official", request), words
    assert not CertificateApplication.objects.exists()


def test_a_proof_that_fails_is_refused() -> None:
    raw = bytearray(pem.unarmor(asking.request(asking.key()))[2])
    raw[-1] ^= 1
    assert "没有用自身的密钥签名" in refused(Person(HOLDER), "official", bytes(raw))


def test_a_key_is_certified_once_whoever_asks() -> None:
    request = asking.request(asking.key())
    number = file(Person(HOLDER), request=request)
    other = Person("440103-market-head")
    assert "重新生成" in refused(other, "official", request)
    decide(number)
    assert "重新生成" in refused(other, "official", request)


def test_one_application_and_one_certificate_at_a_time() -> None:
    holder = Person(HOLDER)
    number = file(holder, request=asking.request(asking.key()))
    assert "正在办理" in refused(holder, "official", asking.request(asking.key()))
    decide(number)
    assert "仍然有效" in refused(holder, "official", asking.request(asking.key()))


def test_the_holder_withdraws() -> None:
    holder = Person(HOLDER)
    number = file(holder, request=asking.request(asking.key()))
    holder.post(f"/certification/mine/{number}/", act="withdraw")
    assert CertificateApplication.objects.get(number=number).state == "withdrawn"
    officer = Person(CHECKER)
    officer.post(desk(number), act="check", found="x")
    assert officer.status == 422


def test_a_system_of_the_body_by_its_data_officer() -> None:
    officer = Person("440103-market-data_officer")
    hosts = "data.liwan.example.cn\nDATA2.liwan.example.cn"
    number = file(officer, "system", name="荔湾区市场监管数据接口", hosts=hosts, kept="1")
    decide(number)
    made = CertificateApplication.objects.get(number=number)
    row = key_certificates.rows().get(serial=made.serial)
    certificate = key_certificates.loaded(row)
    assert certificate.valid_domains == ["data.liwan.example.cn", "data2.liwan.example.cn"]
    assert row.key_label, "this node keeps its key"
    for name, said in (("坏\u2028名", "hosts=a.example.cn"), ("好", "localhost"), ("好", "*.a.cn")):
        hosts = said.removeprefix("hosts=")
        words = refused(officer, "system", asking.request(asking.key()), name=name, hosts=hosts)
        assert "无法显示" in words or "主机名" in words
    reviewer = Person(HOLDER)
    reviewer.get("/certification/apply/system/")
    assert reviewer.status == 404


def test_a_firm_by_its_owner_and_by_nobody_else() -> None:
    owner = Person("owner-440103")
    page = owner.get("/certification/apply/firm/")
    code = re.search(r'<option value="([0-9A-Z]{18})"', page)
    assert code, owner.said
    number = file(owner, "firm", asking.request(asking.key()), firm=code[1], pair="1")
    made = CertificateApplication.objects.get(number=number)
    assert made.organisation_code == code[1] and made.handler == "gd-440100-data"
    decide(number)
    other = Person("resident-440103")
    assert "请选择" in refused(other, "firm", asking.request(asking.key()), firm=code[1])
    looked = owner.get("/looked/")
    assert "申请企业数字证书" in looked


def test_a_node_by_its_operator() -> None:
    operator = Person("440000-data-operator")
    request = asking.request(asking.key())
    number = file(operator, "node", request, name="广东省级节点", hosts="node.gd.example.cn")
    decide(number, "440000-data-certificate_officer", "440000-data-certificate_officer-2")
    made = CertificateApplication.objects.get(number=number)
    assert key_certificates.rows().get(serial=made.serial).authority == "issuing-44"


def test_days_are_bounded() -> None:
    holder = Person(HOLDER)
    for days in ("0", "1096", "-1", "many", ""):
        refused(holder, "official", asking.request(asking.key()), days=days)
    number = issued(days="20")
    page = holder.get(f"/certification/mine/{number}/")
    assert "即将到期" in page


@pytest.fixture
def escrow_gone() -> Iterator[None]:
    """Where the key-management centre's folder was, nothing can be written."""
    folder = Path(settings.DATA) / "keys" / "escrow"
    aside = folder.with_name("aside")
    folder.mkdir(exist_ok=True)
    folder.rename(aside)
    folder.write_bytes(b"")
    yield
    folder.unlink()
    aside.rename(folder)


def test_a_key_store_that_cannot_be_written_issues_nothing(escrow_gone: None) -> None:
    number = file(Person(HOLDER), request=asking.request(asking.key()), pair="1")
    Person(CHECKER).post(desk(number), act="check", found="核对了任职文件")
    before, last = key_certificates.rows().count(), node_evidence.reader().size()
    second = Person(ISSUER)
    second.post(desk(number), act="issue")
    assert second.status == 422 and "密钥库暂时不可用" in second.said
    assert CertificateApplication.objects.get(number=number).state == "checked"
    assert key_certificates.rows().count() == before
    issued_since = node_evidence.reader().entries("key_certificate.issued", limit=1)
    assert issued_since[0].seq <= last, "nothing was signed"


def test_authorities_that_cannot_be_read_are_said_to_be_unavailable() -> None:
    """The page of the authorities without the wrapping key, in a process that starts anew."""
    path = settings.WRAPPING_KEY
    whole = path.read_bytes()
    key_authorities.forget()
    path.write_bytes(b"short")
    try:
        response = Client().get("/certification/")
        assert response.status_code == 503 and "Retry-After" in response.headers
    finally:
        path.write_bytes(whole)
        key_authorities.forget()
