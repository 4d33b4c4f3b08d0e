"""The signature of a bundle: XAdES B-T over every file (ETSI EN 319 132-1 §6, EN 319 162-1 §4.4).

It is written as text in its canonical form (Exclusive XML Canonicalization 1.0), so nothing has to
be canonicalised; and read by writing it anew: what differs in one byte is not ours. So no XML
parser is involved, and there is nothing that could be wrapped or referred to elsewhere.
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from asn1crypto import x509
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from .archive import File

_DS = "http://www.w3.org/2000/09/xmldsig#"
_XADES = "http://uri.etsi.org/01903/v1.3.2#"
_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
_SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
_ECDSA = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
_NS = f' xmlns:ds="{_DS}"'
_TIME = re.compile(r"<xades:SigningTime>(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)</xades:SigningTime>")
_VALUE = re.compile(r'<ds:SignatureValue Id="V">([A-Za-z0-9+/]{86}==)</ds:SignatureValue>')
_CERTIFICATE = re.compile(r"<ds:X509Certificate>([A-Za-z0-9+/]+={0,2})</ds:X509Certificate>")
_STAMP = re.compile(
    r"<xades:EncapsulatedTimeStamp>([A-Za-z0-9+/]+={0,2})</xades:EncapsulatedTimeStamp>"
)
_REFERENCE = re.compile(
    rb'<ds:Reference Id="f\d{1,6}" URI="([^"<]{1,100})"><ds:DigestMethod Algorithm="'
    + re.escape(_SHA256.encode())
    + rb'"></ds:DigestMethod><ds:DigestValue>([^<]{1,100})</ds:DigestValue>'
)
MIME = {"json": "application/json", "cer": "application/pkix-cert",
        "tst": "application/vnd.etsi.timestamp-token", "": "text/plain",
        "txt": "text/plain"}  # fmt: skip


class NotOurs(ValueError):
    """The text is no signature as this software writes it."""


@dataclass(frozen=True, eq=False)
class Signed:
    """A signature apart: `signature` is DER, `stamp` a token over `stamped` (SHA-256)."""

    at: str
    certificates: tuple[x509.Certificate, ...]
    signature: bytes
    stamp: bytes

    @property
    def stamped(self) -> bytes:
        return hashlib.sha256(_value(self.signature, _NS).encode()).digest()


def signed_info(files: Sequence[File], at: str, certificate: x509.Certificate) -> bytes:
    """What is signed; `at` is system time as `2026-03-02T01:02:03Z`."""
    return _signed_info(files, _properties(files, at, certificate)).encode()


def stamp_digest(signature: bytes) -> bytes:
    """What is stamped of a signature."""
    return hashlib.sha256(_value(signature, _NS).encode()).digest()


def write(files: Sequence[File], signed: Signed) -> bytes:
    """The file META-INF/signatures.xml."""
    properties = _properties(files, signed.at, signed.certificates[0])
    keys = "".join(
        f"<ds:X509Certificate>{_b64(one.dump())}</ds:X509Certificate>"
        for one in signed.certificates
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<asic:XAdESSignatures xmlns:asic="http://uri.etsi.org/02918/v1.2.1#">'
        f'<ds:Signature{_NS} Id="S">{_signed_info(files, properties)}'
        f"{_value(signed.signature, '')}"
        f"<ds:KeyInfo><ds:X509Data>{keys}</ds:X509Data></ds:KeyInfo>"
        f'<ds:Object><xades:QualifyingProperties xmlns:xades="{_XADES}" Target="#S">{properties}'
        "<xades:UnsignedProperties><xades:UnsignedSignatureProperties><xades:SignatureTimeStamp>"
        f'<ds:CanonicalizationMethod Algorithm="{_C14N}"></ds:CanonicalizationMethod>'
        f"<xades:EncapsulatedTimeStamp>{_b64(signed.stamp)}</xades:EncapsulatedTimeStamp>"
        "</xades:SignatureTimeStamp></xades:UnsignedSignatureProperties></xades:UnsignedProperties>"
        "</xades:QualifyingProperties></ds:Object></ds:Signature></asic:XAdESSignatures>\n"
    ).encode()


def read(text: bytes, files: Sequence[File]) -> Signed:
    """The signature in its parts, over exactly these files. Raises `NotOurs`."""
    try:
        shown = text.decode("ascii")
        (at,), (value,), (stamp,) = (one.findall(shown) for one in (_TIME, _VALUE, _STAMP))
        certificates = tuple(
            x509.Certificate.load(base64.b64decode(one)) for one in _CERTIFICATE.findall(shown)
        )
        numbers = base64.b64decode(value)
        halves = (int.from_bytes(numbers[:32], "big"), int.from_bytes(numbers[32:], "big"))
        found = Signed(at, certificates, encode_dss_signature(*halves), base64.b64decode(stamp))
        if write(files, found) != text:
            raise NotOurs("written in another way")
    except NotOurs:
        raise
    except Exception as problem:  # of what is not ours anything may be missing
        raise NotOurs(str(problem)) from problem
    return found


def digests(text: bytes) -> dict[str, str]:
    """By name, the digest of each file that a signature refers to, for saying which differs."""
    return {name.decode(): value.decode() for name, value in _REFERENCE.findall(text)}


def digest(content: bytes) -> str:
    return _b64(hashlib.sha256(content).digest())


def _signed_info(files: Sequence[File], properties: str) -> str:
    references = "".join(
        f'<ds:Reference Id="f{number}" URI="{name}">{_digest(content, "")}</ds:Reference>'
        for number, (name, content) in enumerate(files)
    )
    return (
        f"<ds:SignedInfo{_NS}>"
        f'<ds:CanonicalizationMethod Algorithm="{_C14N}"></ds:CanonicalizationMethod>'
        f'<ds:SignatureMethod Algorithm="{_ECDSA}"></ds:SignatureMethod>{references}'
        '<ds:Reference Type="http://uri.etsi.org/01903#SignedProperties" URI="#P">'
        f'<ds:Transforms><ds:Transform Algorithm="{_C14N}"></ds:Transform></ds:Transforms>'
        f"{_digest(properties.encode(), '')}</ds:Reference></ds:SignedInfo>"
    )


def _properties(files: Sequence[File], at: str, certificate: x509.Certificate) -> str:
    formats = "".join(
        f'<xades:DataObjectFormat ObjectReference="#f{number}">'
        f"<xades:MimeType>{MIME[name.partition('.')[2]]}</xades:MimeType></xades:DataObjectFormat>"
        for number, (name, _) in enumerate(files)
    )
    return (
        f'<xades:SignedProperties xmlns:xades="{_XADES}" Id="P"><xades:SignedSignatureProperties>'
        f"<xades:SigningTime>{at}</xades:SigningTime><xades:SigningCertificateV2><xades:Cert>"
        f"<xades:CertDigest>{_digest(certificate.dump(), _NS)}</xades:CertDigest></xades:Cert>"
        "</xades:SigningCertificateV2></xades:SignedSignatureProperties>"
        f"<xades:SignedDataObjectProperties>{formats}</xades:SignedDataObjectProperties>"
        "</xades:SignedProperties>"
    )


def _digest(content: bytes, namespace: str) -> str:
    return (
        f'<ds:DigestMethod{namespace} Algorithm="{_SHA256}"></ds:DigestMethod>'
        f"<ds:DigestValue{namespace}>{digest(content)}</ds:DigestValue>"
    )


def _value(signature: bytes, namespace: str) -> str:
    """Both numbers in 32 bytes each (RFC 4051 §2.3.6)."""
    plain = b"".join(number.to_bytes(32, "big") for number in decode_dss_signature(signature))
    return f'<ds:SignatureValue{namespace} Id="V">{_b64(plain)}</ds:SignatureValue>'


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()
