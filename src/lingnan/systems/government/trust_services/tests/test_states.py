"""Suspended, back in force, revoked: at once for everybody, by those who may."""

import re

import pytest

from lingnan.kernel.trust.api import Body, key_certificates, node_evidence, node_seals
from lingnan.systems.government.trust_services.models import (
    CertificateApplication,
    ElectronicSeal,
)
from lingnan.systems.government.trust_services.tests.certifying import (
    CHECKER,
    HOLDER,
    decide,
    file,
    issued,
    refused,
    upload,
)
from tests.clockwork import advance
from tests.people import Person
from tests.pki import asking
from tests.seal.test_certification import Outside, outside

__all__ = ["outside"]
pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
REGISTER = "/desk/certification/register/"


def serial_of(number: str) -> str:
    return CertificateApplication.objects.get(number=number).serial


def test_an_officer_suspends_restores_and_revokes(outside: Outside) -> None:
    serial = serial_of(issued())
    certificate = key_certificates.loaded(key_certificates.rows().get(serial=serial))
    officer, url = Person(CHECKER), f"{REGISTER}{serial}/"
    steps: tuple[tuple[str, dict[str, str], str, str, str], ...] = (
        ("suspend", {}, "certificate revoked", "revoked", "已暂停"),
        ("restore", {}, "one.pem: OK", "good", "有效"),
        ("revoke", {"why": "key_compromise"}, "certificate revoked", "revoked", "已吊销"),
    )
    for act, more, judged, status, words in steps:
        officer.post(url, act="state", do=act, serial=serial, **more)
        assert officer.status == 200, officer.said
        assert judged in outside.judge(certificate)
        said = outside.status(certificate)
        assert "Response verify OK" in said and f"Cert Status: {status}" in said
        assert words in officer.get(url)
    told = Person(HOLDER).get("/messages/")
    assert all(words in told for words in ("已暂停", "已恢复使用", "已吊销"))
    assert "keyCompromise" in outside.status(certificate)
    listed = outside.openssl("crl", "-in", "list.pem", "-noout", "-text")
    assert "Key Compromise" in listed and serial.upper() in listed.replace(":", "")
    for act in ("suspend", "restore", "revoke"):
        officer.post(url, act="state", do=act, serial=serial, why="superseded")
        assert officer.status == 422, "what is revoked stays so"
    (entry,) = node_evidence.reader().entries("key_certificate.revoked", limit=1)
    assert entry.payload and entry.payload["why"] == "key_compromise"


def test_a_reason_is_needed_and_is_one_of_those_there_are() -> None:
    serial = serial_of(issued())
    officer, url = Person(CHECKER), f"{REGISTER}{serial}/"
    for why in ("", "because", "ca_compromise"):
        officer.post(url, act="state", do="revoke", serial=serial, why=why)
        assert officer.status == 422 and "请选择" in officer.said
    officer.post(url, act="state", do="delete", serial=serial)
    assert officer.status == 422
    assert key_certificates.rows().get(serial=serial).state == "good"


def test_the_holder_reports_a_loss_and_an_officer_alone_restores(outside: Outside) -> None:
    number = issued()
    serial, holder = serial_of(number), Person(HOLDER)
    url = f"/certification/mine/{number}/"
    holder.post(url, act="state", do="suspend", serial=serial)
    assert holder.status == 200, holder.said
    certificate = key_certificates.loaded(key_certificates.rows().get(serial=serial))
    assert "certificate revoked" in outside.judge(certificate)
    holder.post(url, act="state", do="restore", serial=serial)
    assert holder.status == 422
    Person(CHECKER).post(f"{REGISTER}{serial}/", act="state", do="restore", serial=serial)
    assert "one.pem: OK" in outside.judge(certificate)
    holder.post(url, act="state", do="revoke", serial=serial, why="key_compromise")
    assert key_certificates.rows().get(serial=serial).because == "key_compromise"


def test_nobody_acts_on_what_is_not_theirs() -> None:
    serial, mine = serial_of(issued()), issued("440103-market-head")
    other = Person("440103-market-head")
    other.post(
        f"/certification/mine/{mine}/", act="state", do="revoke", serial=serial, why="superseded"
    )
    assert other.status == 422
    for login in ("440600-data-certificate_officer", "440100-data-key_custodian"):
        stranger = Person(login)
        stranger.post(f"{REGISTER}{serial}/", act="state", do="suspend", serial=serial)
        assert stranger.status in (404, 422)
    assert key_certificates.rows().get(serial=serial).state == "good"
    province = Person("440000-data-certificate_officer")
    province.post(f"{REGISTER}{serial}/", act="state", do="suspend", serial=serial)
    assert key_certificates.rows().get(serial=serial).state == "suspended"


def test_authorities_are_not_revoked_by_one_person() -> None:
    province = Person("440000-data-certificate_officer")
    row = key_certificates.rows().filter(profile="issuing").first()
    assert row, "the authorities are in the register"
    province.post(
        f"{REGISTER}{row.serial}/", act="state", do="revoke", serial=row.serial, why="superseded"
    )
    assert province.status == 422


def test_the_register_of_seals_follows_at_once() -> None:
    body = Body.objects.get(code="gd-440103-market")
    serial = node_seals.key_of(body).serial
    officer = Person(CHECKER)
    officer.post(f"{REGISTER}{serial}/", act="state", do="suspend", serial=serial)
    assert ElectronicSeal.objects.get(serial=serial).state == "suspended"
    officer.post(f"{REGISTER}{serial}/", act="state", do="restore", serial=serial)
    assert ElectronicSeal.objects.get(serial=serial).state == "valid"


def test_renewal_overlaps_and_asks_for_a_new_key(outside: Outside) -> None:
    private = asking.key()
    holder = Person(HOLDER)
    number = file(holder, request=asking.request(private), days="20")
    decide(number)
    advance("1d")
    assert f"/certification/mine/{number}/" in holder.get("/messages/")
    advance("1d")
    assert holder.get("/messages/").count("即将到期") == 1, "once"
    assert "即将到期" in Person(CHECKER).get(f"{REGISTER}?state=soon")
    again = f"?renews={number}"
    words = "重新生成"
    address = f"/certification/apply/official/{again}"
    assert words in holder.post(address, days="365", request=upload(asking.request(private)))
    assert "仍然有效" in refused(holder, "official", asking.request(asking.key()))
    after = file(holder, request=asking.request(asking.key()), address=again)
    decide(after)
    for one in (number, after):
        row = key_certificates.rows().get(serial=serial_of(one))
        assert "one.pem: OK" in outside.judge(key_certificates.loaded(row)), "both hold"
    assert CertificateApplication.objects.get(number=after).renews == serial_of(number)


def test_the_register_is_found_by_kind_state_and_words() -> None:
    number = issued()
    name, officer = Person(HOLDER).name, Person(CHECKER)
    serial = serial_of(number)
    assert serial in officer.get(f"{REGISTER}?kind=official&state=good&q={name}")
    assert serial not in officer.get(f"{REGISTER}?kind=seal")
    assert serial not in officer.get(f"{REGISTER}?state=soon")
    assert serial in officer.get(f"{REGISTER}?q={serial.upper()[:12]}")
    assert "没有符合条件" in officer.get(f"{REGISTER}?q=没有这个人")
    seen: set[str] = set()
    url = f"{REGISTER}?kind=seal"
    while url:
        page = Person("440000-data-certificate_officer").get(url)
        found = set(re.findall(rf'href="{REGISTER}([0-9a-f]+)/"', page))
        assert found and not found & seen
        seen |= found
        more = re.search(r'href="(\?[^"]*after=[^"]*)"', page)
        url = f"{REGISTER}{more[1]}" if more else ""
    assert len(seen) == key_certificates.rows().filter(profile="seal").count()
