"""The key ceremony: two custodians of the province; renewal without an interruption."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lingnan.kernel.trust.api import (
    Body,
    KeyStoreUnavailable,
    key_authorities,
    key_certificates,
    node_evidence,
    node_seals,
)
from lingnan.kernel.trust.archiving import stamping
from lingnan.kernel.trust.models import SealedDocument
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


def test_the_minutes_are_a_sealed_document_that_anybody_verifies() -> None:
    number = begin("issuing-4401", "签发机构“广州”到期 <b>")
    address = f"{CEREMONIES}{number}/"
    assert Person(FIRST).client.get(f"{address}minutes.pdf").status_code == 404, "not done yet"
    second = Person(SECOND)
    second.post(address, act="confirm")
    assert "minutes.pdf" in second.get(address)
    answer: Any = second.client.get(f"{address}minutes.pdf")
    pdf = bytes(answer.content)
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    made = KeyCeremony.objects.get(number=number)
    report = node_seals.verify(pdf)
    assert report.problem is None and report.signer_name == Body.objects.get(code=DATA).name_zh
    text = said_in(pdf)
    groups = f"{made.fingerprint} {made.root_fingerprint}".split()
    for told in (number, made.label, made.begun_name, made.ended_name, *groups,
                 "签发机构“广州”到期 <b>", "密钥仪式记录"):  # fmt: skip
        assert told in text, told
    assert bytes(Person(FIRST).client.get(f"{address}minutes.pdf").content) == pdf, "made once"
    (entry,) = node_evidence.reader().entries("key_ceremony.minutes", limit=1)
    assert entry.payload and entry.payload["number"] == number
    said = verified(pdf)
    assert "该文件真实" in said and f"密钥仪式记录 {number}" in said
    place = pdf.index(b"/Reason")
    assert "改动" in verified(pdf[:place] + b"x" + pdf[place + 1 :])
    SealedDocument.objects.exclude(reference=number).update(due=None)
    assert stamping.stamp_due() == 1
    later = bytes(Person(FIRST).client.get(f"{address}minutes.pdf").content)
    assert later.startswith(pdf) and node_seals.verify(later).level == "B-LTA"
    assert f"密钥仪式记录 {number}" in verified(later)
    assert Client().get(f"{address}minutes.pdf").status_code == 302, "sign in first"
    assert Person("resident-440106").client.get(f"{address}minutes.pdf").status_code == 403


DATA = "gd-440000-data"


def said_in(pdf: bytes) -> str:
    """The text of its pages, as another program reads it."""
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


def verified(pdf: bytes) -> str:
    answer: Any = Client().post("/verify/", {"file": SimpleUploadedFile("m.pdf", pdf)})
    return str(answer.content.decode())


def test_confirmed_it_is_gone_on_with_and_not_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key store fails after the second custodian confirmed; then it works again."""
    number = begin("issuing-4401")
    address, first, second = f"{CEREMONIES}{number}/", Person(FIRST), Person(SECOND)

    def broken(label: str, by: str) -> Any:
        raise KeyStoreUnavailable("the module does not answer")

    with monkeypatch.context() as patch:
        patch.setattr(key_authorities, "open_in_ceremony", broken)
        second.post(address, act="confirm")
        assert second.status == 422
    made = KeyCeremony.objects.get(number=number)
    assert made.state == "making" and made.ended_name == second.name
    assert "不能终止" in first.get(address) and "继续办理仪式" in second.get(address)
    assert "继续办理仪式" not in first.get(address)
    for act, who in (("cancel", first), ("cancel", second), ("confirm", first)):
        who.post(address, act=act)
        assert who.status == 422, (act, who.login)
    first.post(CEREMONIES, authority="issuing-4401", reason="x")
    assert first.status == 422 and "正在办理" in first.said
    second.post(address, act="confirm")
    assert second.status == 200
    done = KeyCeremony.objects.get(number=number)
    assert done.state == "done" and done.ended_at == made.ended_at
    kinds = [one.kind for one in node_evidence.reader().of_kinds(
        ("key_ceremony.confirmed", "key_ceremony.resumed"), limit=2)]  # fmt: skip
    assert kinds == ["key_ceremony.resumed", "key_ceremony.confirmed"]
