"""Signing in with a certificate, as openssl signs and as a proxy of ours tells."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from asn1crypto import pem, x509
from django.core.files.uploadedfile import SimpleUploadedFile

from lingnan.kernel.runtime.api import keys
from lingnan.kernel.trust.api import Account, key_certificates
from lingnan.kernel.trust.certification import authorities
from lingnan.kernel.trust.keystore.keys import Algorithm, PublicKey
from lingnan.kernel.trust.pki import issuing, profiles
from lingnan.kernel.trust.pki.names import Name
from lingnan.kernel.trust.pki.profiles import Profile
from lingnan.kernel.trust.signin import certificates
from tests.signin.real import Visitor, account, written

pytestmark = pytest.mark.django_db
URL, TEXT = "/signin/certificate/", "/signin/certificate/signin.txt"


class Holder:
    """Somebody with a key of their own and a certificate for it."""

    def __init__(self, who: Account, folder: Path, profile: Profile = profiles.SIGNING) -> None:
        self.folder = folder
        self._openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256",
                      "-out", "key.pem")  # fmt: skip
        self._openssl("pkey", "-in", "key.pem", "-pubout", "-outform", "DER", "-out", "key.pub")
        public = PublicKey(Algorithm.P256, (folder / "key.pub").read_bytes())
        holder = keys.veil(who.key, "trust.account")
        self.certificate: x509.Certificate = key_certificates.certify(
            "issuing-4401", holder, Name(who.name), public, profile, "a test"
        )
        self.pem = pem.armor("CERTIFICATE", self.certificate.dump()).decode()
        (folder / "cert.pem").write_text(self.pem)

    @property
    def serial(self) -> str:
        return f"{self.certificate.serial_number:x}"

    def signature(self, text: bytes, *more: str, form: str = "DER") -> bytes:
        (self.folder / "signin.txt").write_bytes(text)
        self._openssl("cms", "-sign", "-in", "signin.txt", "-signer", "cert.pem", "-inkey",
                      "key.pem", "-outform", form, "-out", "signin.p7s", *more)  # fmt: skip
        return (self.folder / "signin.p7s").read_bytes()

    def _openssl(self, *words: str) -> None:
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True)


def text_for(visitor: Visitor) -> bytes:
    visitor.post(URL, act="begin")
    assert visitor.get(TEXT) == 200
    return bytes(visitor.answer.content)


def send(visitor: Visitor, signature: bytes, **more: str) -> int:
    file = SimpleUploadedFile("signin.p7s", signature)
    return visitor.post(URL, act="sign", signature=file, **more)


WAYS: list[tuple[tuple[str, ...], str]] = [
    ((), "DER"), ((), "PEM"), (("-binary",), "DER"), (("-nocerts",), "DER"), (("-keyid",), "DER"),
    (("-noattr",), "DER"), (("-md", "sha512"), "DER"),
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_a_signature_by_openssl_signs_in(way: tuple[tuple[str, ...], str], tmp_path: Path) -> None:
    who, visitor = account(), Visitor()
    holder = Holder(who, tmp_path)
    more, form = way
    signature = holder.signature(text_for(visitor), *more, form=form)
    assert send(visitor, signature, next="/cases/") == 302, visitor.page
    assert visitor.leads == "/cases/" and visitor.inside
    said = written(who, "trust.signin")[0]
    assert (said["method"], said["level"]) == ("certificate", 3)


def test_the_text_serves_once_and_for_its_own_session(tmp_path: Path) -> None:
    who, visitor, other = account(), Visitor(), Visitor()
    holder = Holder(who, tmp_path)
    signature = holder.signature(text_for(visitor))
    text_for(other)
    assert send(other, signature) == 422 and "not of this text" in other.page
    assert send(visitor, signature) == 302
    visitor.post("/signout/")
    assert send(visitor, signature) == 422 and "used or is too old" in visitor.page


def test_the_text_is_too_old_after_ten_minutes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = Visitor()
    signature = Holder(account(), tmp_path).signature(text_for(visitor))
    monkeypatch.setattr(certificates, "PATIENCE", -1.0)
    assert send(visitor, signature) == 422 and not visitor.inside
    assert visitor.get(TEXT) == 302


@pytest.mark.parametrize(
    ("state", "words"), [("revoked", "was revoked"), ("suspended", "is suspended")]
)
def test_what_was_taken_back_is_refused(state: str, words: str, tmp_path: Path) -> None:
    who, visitor = account(), Visitor()
    holder = Holder(who, tmp_path)
    key_certificates.set_state(
        holder.serial, state, key_certificates.Reason.KEY_COMPROMISE, "a test"
    )
    assert send(visitor, holder.signature(text_for(visitor))) == 422
    assert words in visitor.page and not visitor.inside
    assert written(who, "trust.signin_failed")[0]["why"] == f"certificate: {state}"


def test_another_purpose_is_refused(tmp_path: Path) -> None:
    visitor = Visitor()
    holder = Holder(account(), tmp_path, profiles.SEAL)
    assert send(visitor, holder.signature(text_for(visitor))) == 422
    assert "serves another purpose" in visitor.page


def test_one_that_has_ended_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.now(tz) + timedelta(days=1096)

    visitor = Visitor()
    holder = Holder(account(), tmp_path)
    signature = holder.signature(text_for(visitor))
    monkeypatch.setattr(certificates, "datetime", Later)
    assert send(visitor, signature) == 422 and "has expired" in visitor.page


def test_a_stranger_with_the_same_name_is_refused(tmp_path: Path) -> None:
    """By an authority of the same names that is none of ours, even under a serial of ours."""
    who, visitor = account(), Visitor()
    holder = Holder(who, tmp_path)
    city = authorities.issuer("issuing-4401")
    store = authorities.keys()
    forged = issuing.Issuer(city.certificate, store.make("forger"))
    wanted = issuing.Wanted(
        Name(who.name), PublicKey(Algorithm.P256, (tmp_path / "key.pub").read_bytes()),
        profiles.SIGNING, at=datetime.now(UTC),
    )  # fmt: skip
    foreign = forged.issue(wanted)
    (tmp_path / "cert.pem").write_text(pem.armor("CERTIFICATE", foreign.dump()).decode())
    assert send(visitor, holder.signature(text_for(visitor))) == 422
    assert "No authority of this province" in visitor.page


@pytest.mark.parametrize("sent", [b"", b"x", b"\x30\x03\x02\x01\x05", b"-----BEGIN CMS-----"])
def test_what_is_no_signature_is_said_and_may_be_tried_again(sent: bytes, tmp_path: Path) -> None:
    visitor = Visitor()
    holder = Holder(account(), tmp_path)
    text = text_for(visitor)
    assert send(visitor, sent) == 422 and "is no signature" in visitor.page
    assert send(visitor, holder.signature(text)) == 302


def test_a_changed_signature_is_refused(tmp_path: Path) -> None:
    holder = Holder(account(), tmp_path)
    for place in (-1, -20, -110, -130):
        visitor = Visitor()
        signature = bytearray(holder.signature(text_for(visitor)))
        signature[place] ^= 1
        assert send(visitor, bytes(signature)) == 422, place
        assert not visitor.inside


def test_the_header_of_a_proxy_is_believed_only_behind_ours(tmp_path: Path, settings: Any) -> None:
    who, visitor = account(), Visitor()
    holder = Holder(who, tmp_path)
    told = {"headers": {"X-SSL-Client-Cert": quote(holder.pem)}}
    visitor.get(URL, **told)
    assert "connection bears" not in visitor.page
    answer = visitor.client.post(URL, {"act": "connection"}, **told)
    assert answer.status_code == 422 and not visitor.inside
    settings.BEHIND_PROXY = True
    visitor.get(URL, **told)
    assert "connection bears" in visitor.page
    assert visitor.client.post(URL, {"act": "connection"}, **told).status_code == 302
    assert visitor.inside and written(who, "trust.signin")[0]["level"] == 3


def test_a_proxys_header_with_another_certificate_is_refused(tmp_path: Path, settings: Any) -> None:
    settings.BEHIND_PROXY = True
    holder = Holder(account(), tmp_path)
    key_certificates.set_state(holder.serial, "revoked", None, "a test")
    for said in (quote(holder.pem), "x", "%00", quote(holder.pem[:300]), "é"):
        told = {"HTTP_X_SSL_CLIENT_CERT": said}
        visitor = Visitor()
        assert visitor.client.post(URL, {"act": "connection"}, **told).status_code == 422
        assert visitor.get(URL, **told) == 200 and not visitor.inside


def test_a_certificate_confirms_only_its_own_account(tmp_path: Path) -> None:
    other = account("lam.dai", "林大")
    account()
    visitor = Visitor()
    visitor.sign_in()
    holder = Holder(other, tmp_path)
    signature = holder.signature(text_for(visitor))
    assert send(visitor, signature, again="1", next="/account/") == 422
    assert "another account" in visitor.page
    visitor.get("/account/")
    assert "1 / 3" in visitor.page


def test_a_certificate_is_listed_and_asked_for(tmp_path: Path) -> None:
    who, visitor = account(), Visitor()
    holder = Holder(who, tmp_path)
    visitor.sign_in()
    visitor.get("/account/")
    assert holder.serial[:16] in visitor.page
    assert visitor.get("/account/passkey/") == 302 and "need=3" in visitor.leads
    visitor.get(visitor.leads)
    assert "/signin/certificate/?again=1" in visitor.page
    signature = holder.signature(text_for(visitor))
    assert send(visitor, signature, again="1", next="/account/passkey/") == 302
    assert visitor.get(visitor.leads) == 200
