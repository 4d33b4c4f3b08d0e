"""Signatures over files, with SM2 too: openssl signs, the envelope (GM/T 0010) is written here."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import algos, cms, core, pem, x509
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lingnan.kernel.trust.api import key_certificates, node_signatures
from lingnan.kernel.trust.pki import detached
from lingnan.systems.government.trust_services.models import CertificateApplication
from lingnan.systems.government.trust_services.tests.certifying import HOLDER, decide, file
from tests.people import Person
from tests.pki import asking

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
PAGE, CONTENT = "/certification/signature/", "我同意。".encode()
DISTID = "distid:1234567812345678"


class Signer:
    """A holder with a key of their own and the certificate over it."""

    def __init__(self, folder: Path, kind: str = "sm2") -> None:
        self.folder, self.private = folder, asking.key(kind)
        digest = "sm3" if kind == "sm2" else "sha256"
        number = file(Person(HOLDER), "official", asking.request(self.private, digest=digest))
        decide(number)
        self.serial = CertificateApplication.objects.get(number=number).serial
        row = key_certificates.rows().get(serial=self.serial)
        self.certificate = x509.Certificate.load(pem.unarmor(row.pem.encode())[2])
        (folder / "key.pem").write_bytes(self.private)

    def openssl_sm2(self, data: bytes) -> bytes:
        (self.folder / "data").write_bytes(data)
        words = ("pkeyutl", "-sign", "-rawin", "-digest", "sm3", "-inkey", "key.pem",
                 "-pkeyopt", DISTID, "-in", "data")  # fmt: skip
        done = asking.openssl(self.folder, *words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def signed(
        self, content: bytes, attributes: bool = True, by: str = "1.2.156.10197.1.301.1",
        kind: str = detached.GM_SIGNED_DATA, data: str = detached.GM_DATA,
    ) -> bytes:  # fmt: skip
        """A SignedData over the content, which it does not carry."""
        digest = hashlib.new("sm3", content).digest()
        told = cms.CMSAttributes([
            {"type": "content_type", "values": [data]},
            {"type": "message_digest", "values": [digest]},
        ])  # fmt: skip
        sm3 = algos.DigestAlgorithm({"algorithm": detached.SM3})
        own = self.certificate
        number = cms.IssuerAndSerialNumber(
            {"issuer": own.issuer, "serial_number": own.serial_number}
        )
        signer: dict[str, Any] = {
            "version": "v1",
            "sid": cms.SignerIdentifier("issuer_and_serial_number", number),
            "digest_algorithm": sm3,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": by}),
            "signature": self.openssl_sm2(told.dump() if attributes else content),
        }
        if attributes:
            signer["signed_attrs"] = told
        body = cms.SignedData({
            "version": "v1",
            "digest_algorithms": [sm3],
            "encap_content_info": {"content_type": data},
            "certificates": [own],
            "signer_infos": [signer],
        })  # fmt: skip
        return der(0x30, core.ObjectIdentifier(kind).dump() + der(0xA0, body.dump()))


def der(tag: int, content: bytes) -> bytes:
    return bytes((tag, 0x82)) + len(content).to_bytes(2, "big") + content


def page(content: bytes, signature: bytes, address: str = PAGE) -> str:
    sent = {"file": SimpleUploadedFile("a.txt", content),
            "signature": SimpleUploadedFile("a.p7s", signature)}  # fmt: skip
    answer = Client().post(address, sent)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return Signer(tmp_path)


def test_a_signature_with_sm2_is_verified_and_marked(signer: Signer) -> None:
    signature = signer.signed(CONTENT)
    for sent in (signature, pem.armor("PKCS7", signature)):
        said = page(CONTENT, sent)
        assert "签名有效" in said and "SM2" in said and "商用密码（国密）" in said
        assert Person(HOLDER).name in said and "未经核实" in said
    for other in (
        signer.signed(CONTENT, attributes=False),
        signer.signed(CONTENT, by="1.2.156.10197.1.501"),
        signer.signed(CONTENT, kind="1.2.840.113549.1.7.2", data="1.2.840.113549.1.7.1"),
    ):
        assert node_signatures.verify(CONTENT, other).state == "good"


def test_what_was_tampered_with_is_named(signer: Signer) -> None:
    signature = signer.signed(CONTENT)
    assert "文件在签名后被改动" in page(CONTENT + b".", signature)
    place = len(signature) - 3
    broken = signature[:place] + bytes([signature[place] ^ 1]) + signature[place + 1 :]
    assert "不是由所指证书的密钥生成" in page(CONTENT, broken)
    plain = signer.signed(CONTENT, attributes=False)
    assert node_signatures.verify(CONTENT + b".", plain).state == "broken"
    assert node_signatures.verify(CONTENT, signer.signed(CONTENT, data="1.2.3.4")).state == "broken"
    for by in ("1.2.840.10045.4.3.2", "1.2.3"):
        assert node_signatures.verify(CONTENT, signer.signed(CONTENT, by=by)).state == "broken"


@pytest.mark.parametrize("state", ["suspended", "revoked"])
def test_it_holds_as_its_certificate_does(signer: Signer, state: str) -> None:
    signature = signer.signed(CONTENT)
    key_certificates.set_state(signer.serial, state, key_certificates.Reason.SUPERSEDED, "tests")
    assert node_signatures.verify(CONTENT, signature).state == state
    assert "请勿依赖" in page(CONTENT, signature)


def test_no_byte_of_a_signature_makes_an_error(signer: Signer) -> None:
    """Each byte changed once: never an exception, and never good where the signature was."""
    signature = signer.signed(CONTENT)
    start = len(signature) - 72
    for place in range(0, len(signature), 7):
        broken = signature[:place] + bytes([signature[place] ^ 0x55]) + signature[place + 1 :]
        found = node_signatures.verify(CONTENT, broken)
        assert place < start or found.state != "good", place


def test_what_is_nested_without_end_is_unreadable() -> None:
    deep = b"\x24\x80" * 20_000
    for sent in (deep, b"\x30\x80" * 20_000, b"\x30\x84\xff\xff\xff\xff", b"-----BEGIN CMS-----\n"):
        assert node_signatures.verify(CONTENT, sent).state == "unreadable"


def test_the_other_page_leads_here(signer: Signer) -> None:
    """Where sealed documents are verified, a signature is known for what it is."""
    empty = Client().get("/verify/").content.decode()
    assert f'href="{PAGE}"' in empty
    for signature in (signer.signed(CONTENT), pem.armor("CMS", signer.signed(CONTENT))):
        sent = SimpleUploadedFile("a.p7s", signature)
        said = Client().post("/verify/", {"file": sent}).content.decode()
        assert "不是签章文件" in said and f'href="{PAGE}"' in said
