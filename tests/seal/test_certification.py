"""The node's authorities over HTTP, as programs that know only the standards meet them."""

import base64
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from asn1crypto import pem, x509
from django.test import Client

from lingnan.kernel.trust.api import Body, node_evidence, node_seals
from lingnan.kernel.trust.certification import authorities, register
from lingnan.kernel.trust.keystore.keys import KeyStoreUnavailable
from lingnan.kernel.trust.models import IssuedCertificate
from lingnan.kernel.trust.pki.revoking import Reason
from lingnan.kernel.trust.seal.api import SealKey, seal_pdf
from lingnan.kernel.trust.stamps.answering import Stamper
from tests.seal.test_seal import plain

__all__ = ["plain"]
pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
CITY = "issuing-4401"


@pytest.fixture
def seal() -> SealKey:
    return node_seals.key_of(body())


def body() -> Body:
    return Body.objects.get(code="gd-440103-market")


class Outside:
    """Somebody with openssl and the root, who fetches everything else."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.client = folder, Client()

    def fetch(self, url: str) -> bytes:
        answer = self.client.get("/" + url.split("/", 3)[3])
        assert answer.status_code == 200, url
        return answer.content

    def put(self, name: str, der: bytes, kind: str = "CERTIFICATE") -> None:
        (self.folder / name).write_bytes(pem.armor(kind, der) if kind else der)

    def openssl(self, *words: str) -> str:
        done = subprocess.run(
            ["openssl", *words], cwd=self.folder, capture_output=True, text=True, timeout=30
        )
        return done.stdout + done.stderr

    def judge(self, certificate: x509.Certificate) -> str:
        """What openssl says, with all that the certificate itself points to."""
        (issuer,) = (
            one["access_location"].native
            for one in certificate.authority_information_access_value
            if one["access_method"].native == "ca_issuers"
        )
        self.put("root.pem", self.fetch("http://x/trust/authorities/root.cer"))
        self.put("city.pem", self.fetch(issuer))
        self.put("one.pem", certificate.dump())
        self.put("list.pem", self.fetch(certificate.crl_distribution_points[0].url), "X509 CRL")
        return self.openssl(
            "verify", "-x509_strict", "-crl_check", "-CRLfile", "list.pem", "-CAfile", "root.pem",
            "-untrusted", "city.pem", "one.pem",
        )  # fmt: skip

    def asked(self) -> bytes:
        self.openssl("ocsp", "-issuer", "city.pem", "-cert", "one.pem", "-reqout", "asked.der")
        return (self.folder / "asked.der").read_bytes()

    def status(self, certificate: x509.Certificate, by_address: bool = False) -> str:
        self.judge(certificate)
        asked, url = self.asked(), "/" + certificate.ocsp_urls[0].split("/", 3)[3]
        if by_address:
            answer = self.client.get(f"{url}/{quote(base64.b64encode(asked).decode(), safe='')}")
        else:
            answer = self.client.post(url, asked, content_type="application/ocsp-request")
        assert answer.headers["Content-Type"] == "application/ocsp-response"
        self.put("answer.der", answer.content, "")
        return self.openssl(
            "ocsp", "-issuer", "city.pem", "-reqin", "asked.der", "-respin", "answer.der",
            "-CAfile", "root.pem", "-verify_other", "city.pem", "-resp_text",
        )  # fmt: skip


@pytest.fixture
def outside(tmp_path: Path) -> Outside:
    return Outside(tmp_path)


def test_a_seal_leads_to_the_root_and_is_good(outside: Outside, seal: SealKey) -> None:
    assert "one.pem: OK" in outside.judge(seal.certificate)
    for by_address in (False, True):
        said = outside.status(seal.certificate, by_address)
        assert "Response verify OK" in said and "Cert Status: good" in said


@pytest.mark.parametrize("state", ["suspended", "revoked"])
def test_what_is_taken_back_is_refused_by_everybody_at_once(
    outside: Outside, seal: SealKey, state: str
) -> None:
    reason = Reason.SUSPENDED if state == "suspended" else Reason.KEY_COMPROMISE
    register.set_state(seal.serial, state, reason, "tests")
    assert "certificate revoked" in outside.judge(seal.certificate)
    assert "Cert Status: revoked" in outside.status(seal.certificate)
    (entry,) = node_evidence.reader().entries(f"key_certificate.{state}", limit=1)
    assert entry.payload and entry.payload["serial"] == seal.serial
    if state == "suspended":
        register.set_state(seal.serial, "good", None, "tests")
        assert "one.pem: OK" in outside.judge(seal.certificate)
        assert node_seals.key_of(body()).serial == seal.serial
    else:
        with pytest.raises(register.NotPossible):
            register.set_state(seal.serial, "good", None, "tests")
        assert node_seals.key_of(body()).serial != seal.serial, "the body seals with the next one"


def test_a_sealed_file_after_its_seal_was_taken_back(plain: bytes, seal: SealKey) -> None:
    """What a time-stamp proves to be from before stands, whatever became of the key."""
    sealed = node_seals.seal(plain, body(), "证照")
    assert node_seals.verify(sealed).level == "B-LT"
    bare = seal_pdf(plain, seal, "证照", "", "")
    for document in (sealed, bare):
        assert node_seals.verify(document).problem is None
    register.set_state(seal.serial, "suspended", Reason.SUSPENDED, "tests")
    for document in (sealed, bare):
        assert node_seals.verify(document).problem is None
    register.set_state(seal.serial, "revoked", Reason.KEY_COMPROMISE, "tests")
    for document, problem in ((sealed, None), (bare, "revoked")):
        report = node_seals.verify(document)
        assert report.problem == problem and report.trusted == (problem is None)
        (check,) = (one for one in report.checks if one.code == "not_revoked")
        assert check.outcome == ("failed" if problem else "passed")


def test_a_seal_that_was_stamped_after_its_certificate_was_taken_back(
    plain: bytes, seal: SealKey
) -> None:
    lasting = node_seals._lasting(seal, CITY)
    register.set_state(seal.serial, "revoked", Reason.KEY_COMPROMISE, "tests")
    stolen = seal_pdf(plain, seal, "证照", "", "", lasting)
    assert node_seals.verify(stolen).problem == "revoked"


def test_a_time_stamp_by_a_lost_key_proves_nothing(plain: bytes, seal: SealKey) -> None:
    sealed = node_seals.seal(plain, body(), "证照")
    stamper = node_seals.verify(sealed).stamped_by
    register.set_state(seal.serial, "revoked", Reason.KEY_COMPROMISE, "tests")
    assert node_seals.verify(sealed).problem is None
    register.set_state(stamper, "revoked", Reason.KEY_COMPROMISE, "tests")
    assert node_seals.verify(sealed).problem == "revoked"


def test_without_a_time_stamp_work_goes_on(
    plain: bytes, seal: SealKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> bytes:
        raise KeyStoreUnavailable("the module does not answer")

    monkeypatch.setattr(Stamper, "stamp", fails)
    one, other = node_seals.seal_many([plain, plain], body(), "证照")
    monkeypatch.setattr(node_seals.publishing, "stamper", fails)
    for document in (one, other, node_seals.seal(plain, body(), "证照")):
        report = node_seals.verify(document)
        assert report.problem is None and report.level == "B-B"


def test_a_time_stamp_over_http(outside: Outside, seal: SealKey) -> None:
    outside.judge(seal.certificate)
    outside.put("data", b"what is stamped", "")
    outside.openssl("ts", "-query", "-data", "data", "-sha256", "-cert", "-out", "asked.tsq")
    asked = (outside.folder / "asked.tsq").read_bytes()
    answer = outside.client.post(
        "/trust/time-stamp", asked, content_type="application/timestamp-query"
    )
    assert answer.headers["Content-Type"] == "application/timestamp-reply"
    outside.put("answer.tsr", answer.content, "")
    said = outside.openssl(
        "ts", "-verify", "-data", "data", "-in", "answer.tsr", "-CAfile", "root.pem",
    )  # fmt: skip
    assert "Verification: OK" in said, said
    assert outside.client.post("/trust/time-stamp", {"a": "b"}).status_code == 415


def test_asking_for_an_authority_makes_none(outside: Outside) -> None:
    before = authorities.labels()
    for path in ("authorities/issuing-4499.cer", "authorities/x.crl", "ocsp/issuing-4498"):
        method = outside.client.post if "ocsp" in path else outside.client.get
        assert method(f"/trust/{path}").status_code == 404
    assert authorities.labels() == before


def test_a_lost_key_is_followed_by_a_new_one(seal: SealKey, settings: Any) -> None:
    label = IssuedCertificate.objects.get(serial=seal.serial).key_label
    path = Path(settings.DATA) / "keys" / "store" / f"{label}.key"
    whole = path.read_bytes()
    authorities.keys().destroy(label)
    try:
        following = node_seals.key_of(body())
        assert following.serial != seal.serial
        assert following.key.public.der != seal.key.public.der
        assert following.chain[0].dump() == authorities.issuer(CITY).certificate.dump()
    finally:
        path.write_bytes(whole)
