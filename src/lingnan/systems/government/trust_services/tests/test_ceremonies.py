"""The key ceremony: two custodians of the province; renewal without an interruption."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from lingnan.kernel.trust.api import (
    Body,
    key_authorities,
    key_certificates,
    node_evidence,
    node_seals,
)
from lingnan.systems.government.trust_services.models import KeyCeremony
from lingnan.systems.government.trust_services.tests.certifying import CHECKER
from tests.people import Person
from tests.seal.test_certification import Outside, outside

__all__ = ["outside"]
pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
CEREMONIES = "/desk/certification/ceremonies/"
FIRST, SECOND = "440000-data-key_custodian", "440000-data-key_custodian-2"


@pytest.fixture(autouse=True)
def authorities_as_before() -> Any:
    """Authorities are files: what a test adds is taken away again."""
    folder = Path(settings.DATA) / "keys"
    before = {path for path in folder.rglob("*") if path.is_file()}
    yield
    for path in set(folder.rglob("*.cer")) | set(folder.rglob("*.key")):
        if path not in before:
            path.unlink()
    key_authorities.forget()


def begin(own: str, reason: str = "签发机构证书即将到期") -> str:
    who = Person(FIRST)
    who.post(CEREMONIES, authority=own, reason=reason)
    found = re.fullmatch(rf"{CEREMONIES}([A-Z0-9]+)/", who.url)
    assert found, who.said
    return found[1]


def test_the_next_generation_takes_over_and_the_old_one_stays_good(outside: Outside) -> None:
    body = Body.objects.get(code="gd-440103-market")
    old = node_seals.key_of(body)
    number = begin("issuing-4401")
    assert "issuing-4401-g2" not in key_authorities.labels(), "nothing is made by one"
    second = Person(SECOND)
    second.post(f"{CEREMONIES}{number}/", act="confirm")
    assert second.status == 200, second.said
    made = KeyCeremony.objects.get(number=number)
    own = key_authorities.issuer("issuing-4401-g2").certificate
    root = key_authorities.issuer("root").certificate
    page = second.get(f"{CEREMONIES}{number}/")
    for said in (key_authorities.fingerprint(own), key_authorities.fingerprint(root),
                 Person(FIRST).name, second.name, "密钥仪式记录"):  # fmt: skip
        assert said in page
    assert made.fingerprint == key_authorities.fingerprint(own)
    assert "one.pem: OK" in outside.judge(old.certificate)
    assert "Cert Status: good" in outside.status(old.certificate)
    assert node_seals.key_of(body).serial == old.serial, "seals are not issued anew for it"
    key_certificates.set_state(old.serial, "revoked", key_certificates.Reason.SUPERSEDED, "tests")
    new = node_seals.key_of(body)
    assert new.chain[0].dump() == own.dump()
    assert "one.pem: OK" in outside.judge(new.certificate)
    assert "Cert Status: good" in outside.status(new.certificate)
    assert "certificate revoked" in outside.judge(old.certificate), "the old one still lists"
    (entry,) = node_evidence.reader().entries("authority.made", limit=1)
    assert entry.payload and entry.payload["label"] == "issuing-4401-g2"
    assert number in entry.payload["by"]
    row = key_certificates.rows().get(serial=f"{own.serial_number:x}")
    assert row.authority == "root" and row.profile == "issuing"
    assert "issuing-4401-g2" in Person(SECOND).get("/certification/")


def test_one_custodian_is_not_enough() -> None:
    number = begin("issuing-4401")
    first = Person(FIRST)
    first.post(f"{CEREMONIES}{number}/", act="confirm")
    assert first.status == 422 and "需要两个人" in first.said
    for login in ("440100-data-key_custodian", CHECKER):
        other = Person(login)
        other.post(f"{CEREMONIES}{number}/", act="confirm")
        assert other.status == 422, "custodians of the province alone"
    assert KeyCeremony.objects.get(number=number).state == "begun"
    assert "issuing-4401-g2" not in key_authorities.labels()


def test_one_ceremony_at_a_time_and_stopped_it_makes_nothing() -> None:
    number = begin("issuing-4401")
    who = Person(FIRST)
    assert "正在办理" in who.post(CEREMONIES, authority="issuing-4401", reason="再来一次")
    who.post(f"{CEREMONIES}{number}/", act="cancel")
    assert KeyCeremony.objects.get(number=number).state == "cancelled"
    second = Person(SECOND)
    second.post(f"{CEREMONIES}{number}/", act="confirm")
    assert second.status == 422
    begin("issuing-4401")


@pytest.mark.parametrize("own", ["root", "issuing-45", "issuing-4401-g7", "../x", ""])
def test_only_authorities_that_there_may_be(own: str) -> None:
    who = Person(FIRST)
    who.post(CEREMONIES, authority=own, reason="x")
    assert who.status == 422
    assert not KeyCeremony.objects.exists()


def test_an_sm2_authority_is_opened() -> None:
    number = begin("sm2-issuing-4406", "佛山市国密证书")
    Person(SECOND).post(f"{CEREMONIES}{number}/", act="confirm")
    made = KeyCeremony.objects.get(number=number)
    assert (made.kind, made.label, made.state) == ("open", "sm2-issuing-4406", "done")
    chain = key_authorities.chain("sm2-issuing-4406")
    assert chain[-1].dump() == key_authorities.issuer("sm2-root").certificate.dump()


def test_a_real_nodes_city_is_certified_by_the_province_until_its_ceremony(settings: Any) -> None:
    settings.MODE = "real"
    assert key_authorities.label_for("445300") == "issuing-44"
    with pytest.raises(KeyError):
        key_authorities.issuer("issuing-4453")
    key_authorities.open_in_ceremony("issuing-4453", "tests")
    assert key_authorities.label_for("445321") == "issuing-4453"


def test_what_is_asked_for_by_address_makes_no_generation() -> None:
    for label in ("issuing-4401-g9", "sm2-issuing-4499"):
        assert Client().get(f"/trust/authorities/{label}.cer").status_code == 404
    with pytest.raises(KeyError):
        key_authorities.issuer("issuing-4401-g9")
