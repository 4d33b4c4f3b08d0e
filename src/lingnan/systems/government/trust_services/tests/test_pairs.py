"""Pairs: the signing key is its holder's alone; the other is kept, and recovered by two."""

import re
import subprocess
from pathlib import Path

import pytest
from asn1crypto import crl
from django.conf import settings

from lingnan.kernel.trust.api import key_authorities, key_certificates, node_evidence
from lingnan.systems.government.trust_services.models import CertificateApplication, KeyRecovery
from lingnan.systems.government.trust_services.tests.certifying import (
    CHECKER,
    HOLDER,
    decide,
    desk,
    file,
    issued,
)
from tests.people import Person
from tests.pki import asking

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
CUSTODIANS = tuple(f"440100-data-key_custodian{mark}" for mark in ("", "-2", "-3"))
RECOVERIES = "/desk/certification/recoveries/"


def passphrase(who: Person, url: str) -> str:
    found = re.search(r'value="([A-Z2-9]{5}(?:-[A-Z2-9]{5}){4})"', who.get(url))
    assert found, who.said
    return found[1]


def fetched(who: Person, url: str, words: str) -> bytes:
    """The file that the page hands over; empty where it hands over none."""
    answer = who.client.post(url, {"passphrase": words})
    whole: bytes = answer.content
    return whole if whole.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----") else b""


def public(key: bytes, words: str, folder: Path) -> str:
    """The public key of an encrypted private key, as openssl opens it."""
    (folder / "key.pem").write_bytes(key)
    command = ["openssl", "pkey", "-in", "key.pem", "-passin", f"pass:{words}", "-pubout"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60).stdout


def certified(serial: str, folder: Path) -> str:
    (folder / "one.pem").write_text(key_certificates.rows().get(serial=serial).pem)
    command = ["openssl", "x509", "-in", "one.pem", "-noout", "-pubkey"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60).stdout


def test_the_pair_is_two_keys_and_the_second_is_handed_over_once(tmp_path: Path) -> None:
    number = issued(pair="1")
    made = CertificateApplication.objects.get(number=number)
    holder, url = Person(HOLDER), f"/certification/mine/{number}/key/"
    words = passphrase(holder, url)
    assert not fetched(holder, url, "my own words"), "its own passphrases alone"
    key = fetched(holder, url, words)
    assert public(key, words, tmp_path) == certified(made.encryption_serial, tmp_path) != ""
    assert certified(made.serial, tmp_path) != certified(made.encryption_serial, tmp_path)
    usage = key_certificates.loaded(key_certificates.rows().get(serial=made.encryption_serial))
    assert usage.key_usage_value.native == {"key_agreement"}
    (entry,) = node_evidence.reader().entries("encryption_key.handed_over", limit=1)
    assert entry.payload and entry.payload["serial"] == made.encryption_serial
    assert not fetched(holder, url, words), "once"
    assert "两人批准" in holder.post(url, passphrase=words)
    other = Person("440103-market-head")
    other.get(url)
    assert other.status == 404


def test_no_signing_key_is_anywhere_in_the_key_stores() -> None:
    """Of a pair one key more lies in the escrow and none in the store, whatever is asked for."""
    store, escrow = key_authorities.keys(), key_authorities.escrow()
    before, kept = set(store.labels()), set(escrow.labels())
    number = issued(pair="1")
    assert set(store.labels()) == before
    (label,) = set(escrow.labels()) - kept
    made = CertificateApplication.objects.get(number=number)
    held = escrow.open(label).public.der
    signing = key_certificates.loaded(key_certificates.rows().get(serial=made.serial))
    assert held != signing.public_key.dump()
    assert not hasattr(store, "hand_over"), "a store of keys that sign hands over none"


def ask(serial: str, officer: str = CHECKER) -> str:
    """Ask for a recovery; returns its number."""
    who = Person(officer)
    who.post(RECOVERIES, serial=serial, reason="持有人丢失密钥", basis="持有人 2026-03-02 的申请")
    found = re.fullmatch(rf"{RECOVERIES}([A-Z0-9]+)/", who.url)
    assert found, who.said
    return found[1]


def test_a_recovery_takes_two_custodians_beside_who_asks(tmp_path: Path) -> None:
    number = issued(pair="1")
    made = CertificateApplication.objects.get(number=number)
    recovery = ask(made.encryption_serial)
    url = f"{RECOVERIES}{recovery}/"
    officer, first, second = Person(CHECKER), Person(CUSTODIANS[0]), Person(CUSTODIANS[1])
    officer.get(f"{url}key/")
    assert officer.status == 404, "nothing yet"
    officer.post(url, act="approve")
    assert officer.status == 422, "who asks is no custodian"
    assert recovery in first.get("/desk/certification/")
    first.post(url, act="approve")
    first.post(url, act="approve")
    assert first.status == 422 and "需要两个人" in first.said
    assert KeyRecovery.objects.get(number=recovery).state == "approved_once"
    officer.get(f"{url}key/")
    assert officer.status == 404, "one is not enough"
    second.post(url, act="approve")
    assert second.status == 200
    second.get(f"{url}key/")
    assert second.status == 403, "the key goes to who asked"
    words = passphrase(officer, f"{url}key/")
    key = fetched(officer, f"{url}key/", words)
    assert public(key, words, tmp_path) == certified(made.encryption_serial, tmp_path)
    assert not fetched(officer, f"{url}key/", words), "once"
    for kind, count in (("asked", 1), ("approved", 2)):
        entries = node_evidence.reader().entries(f"key_recovery.{kind}", limit=5)
        ours = [one for one in entries if one.payload and one.payload["number"] == recovery]
        assert len(ours) == count


def test_what_cannot_be_recovered() -> None:
    number = issued(pair="1")
    made = CertificateApplication.objects.get(number=number)
    officer = Person(CHECKER)
    said = {"reason": "调查", "basis": "某条"}
    assert "签名密钥只由持有人保管" in officer.post(RECOVERIES, serial=made.serial, **said)
    assert "没有这张证书" in officer.post(RECOVERIES, serial="abc", **said)
    ask(made.encryption_serial)
    assert "正在办理" in officer.post(RECOVERIES, serial=made.encryption_serial, **said)
    custodian = Person(CUSTODIANS[0])
    custodian.post(RECOVERIES, serial=made.encryption_serial, **said)
    assert custodian.status == 422, "custodians approve, they do not ask"
    stranger = Person("440600-data-certificate_officer")
    assert "没有这张证书" in stranger.post(RECOVERIES, serial=made.encryption_serial, **said)


def test_either_custodian_refuses() -> None:
    number = issued(pair="1")
    serial = CertificateApplication.objects.get(number=number).encryption_serial
    url = f"{RECOVERIES}{ask(serial)}/"
    Person(CUSTODIANS[0]).post(url, act="approve")
    second = Person(CUSTODIANS[1])
    second.post(url, act="refuse", reason="")
    assert second.status == 422
    second.post(url, act="refuse", reason="没有法律依据")
    assert "没有法律依据" in Person(CHECKER).get(url)
    third = Person(CUSTODIANS[2])
    third.post(url, act="approve")
    assert third.status == 422


def test_sm2_pairs_come_from_the_sm2_authority(tmp_path: Path) -> None:
    """openssl takes the signer's identifier for the certificate alone that it is asked about, so
    it is asked link by link; the list's signature is checked over its bytes."""
    holder = Person(HOLDER)
    request = asking.request(asking.key("sm2"), digest="sm3")
    number = file(holder, request=request, pair="1")
    decide(number)
    made = CertificateApplication.objects.get(number=number)

    def openssl(*words: str) -> str:
        done = subprocess.run(["openssl", *words], cwd=tmp_path, capture_output=True, text=True)
        return done.stdout + done.stderr

    def put(name: str, address: str) -> bytes:
        data: bytes = holder.client.get(address).content
        (tmp_path / name).write_bytes(data)
        return data

    put("one.pem", f"/certification/mine/{number}/signing.pem")
    for name, label in (("root", "sm2-root"), ("city", "sm2-issuing-4401")):
        put(f"{name}.cer", f"/trust/authorities/{label}.cer")
        openssl("x509", "-inform", "DER", "-in", f"{name}.cer", "-out", f"{name}.pem")
    (tmp_path / "other.pem").write_text(
        key_certificates.rows().get(serial=made.encryption_serial).pem
    )
    for name, above in (("one", "city"), ("other", "city"), ("city", "root"), ("root", "root")):
        said = openssl(
            "verify", "-x509_strict", "-partial_chain", "-vfyopt", "distid:1234567812345678",
            "-trusted", f"{above}.pem", f"{name}.pem",
        )  # fmt: skip
        assert f"{name}.pem: OK" in said, said
    assert "SM2-with-SM3" in openssl("x509", "-in", "one.pem", "-noout", "-text")
    listed = crl.CertificateList.load(put("l.crl", "/trust/authorities/sm2-issuing-4401.crl"))
    (tmp_path / "signed").write_bytes(listed["tbs_cert_list"].dump())
    (tmp_path / "signature").write_bytes(listed["signature"].native)
    openssl("x509", "-in", "city.pem", "-noout", "-pubkey", "-out", "city.key")
    assert "Signature Verified Successfully" in openssl(
        "pkeyutl", "-verify", "-pubin", "-inkey", "city.key", "-rawin", "-digest", "sm3",
        "-pkeyopt", "distid:1234567812345678", "-in", "signed", "-sigfile", "signature",
    )  # fmt: skip
    url = f"/certification/mine/{number}/key/"
    words = passphrase(holder, url)
    key = fetched(holder, url, words)
    assert public(key, words, tmp_path) == certified(made.encryption_serial, tmp_path) != ""


def test_keys_lie_encrypted_and_closed() -> None:
    issued(pair="1")
    folder = Path(settings.DATA) / "keys" / "escrow"
    files = list(folder.glob("*.key"))
    assert files
    for path in files:
        assert path.stat().st_mode & 0o077 == 0
        assert b"PRIVATE KEY-----" not in path.read_bytes()


def test_a_lost_certificate_application_has_no_key_page() -> None:
    number = issued()
    holder = Person(HOLDER)
    holder.get(f"/certification/mine/{number}/key/")
    assert holder.status == 404
    officer = Person(CHECKER)
    assert "不需要" in officer.get(desk(number))
