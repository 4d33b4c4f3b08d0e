"""The demonstration certificate authority: one root, one seal certificate for each body.

Everything lies in one folder: `root.pem` (key and certificate), `<body code>/seal.pem` (the body's
present key and certificate), `issued/<serial>.crt` (every certificate ever issued). Keys are files
of mode 0600 without a passphrase: enough for a demonstration and stated in every name. Validity
is in system time, never in the business time of a demonstration.
"""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID, ObjectIdentifier

ROOT_NAME = "Lingnan demonstration root 岭南演示根证书"
SEAL_UNIT = "演示印章 demonstration seal"
ROOT_DAYS = 3650
SEAL_DAYS = 1095
RENEW_DAYS = 30
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
"""id-kp-documentSigning (RFC 9336 §3.1)."""
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,63}")
_RESERVED = {"issued"}


class SealUnavailable(Exception):
    """The keys cannot be read or written, or the body has no seal."""


@dataclass(frozen=True)
class SealKey:
    """A body's key and certificate with the root above it, loaded once and kept in memory."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    root: x509.Certificate

    @property
    def name(self) -> str:
        """The body's name as the certificate says it."""
        return str(self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)

    def usable(self, on: datetime) -> bool:
        """Whether the certificate is valid at that moment."""
        start = self.certificate.not_valid_before_utc
        return start <= on <= self.certificate.not_valid_after_utc


class Authority:
    """Issues and keeps seals; several processes may share one folder."""

    def __init__(
        self, folder: Path, key: ec.EllipticCurvePrivateKey, root: x509.Certificate
    ) -> None:
        self._folder, self._key, self.root = folder, key, root
        self._seals: dict[str, SealKey] = {}

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The authority of a folder, made the first time. Raises `SealUnavailable`."""
        with _alone(folder):
            path = folder / "root.pem"
            if not path.exists():
                key = ec.generate_private_key(ec.SECP256R1())
                _write(path, _pem(key, _root_certificate(key)), 0o600)
            key, root = _read(path)
        return cls(folder, key, root)

    def issue(self, subject_name_zh: str, organisation_code: str, days: int = SEAL_DAYS) -> SealKey:
        """A new key and certificate for a body; its older certificates stay valid until they end.

        Raises ValueError on a code that is not 1–64 letters, digits, `-` or `_`, or on a name that
        is not 1–64 characters (X.520 upper bound); `SealUnavailable` when it cannot be stored.
        """
        path = self._path(organisation_code)
        with _alone(self._folder):
            return self._issue(path, subject_name_zh, organisation_code, days)

    def seal(self, organisation_code: str) -> SealKey:
        """The body's present seal, read from disk once. Raises `SealUnavailable` if it has none."""
        kept = self._seals.get(organisation_code)
        if kept is None:
            path = self._path(organisation_code)
            if not path.exists():
                raise SealUnavailable(f"The body {organisation_code} has no seal.")
            kept = SealKey(*_read(path), self.root)
            self._seals[organisation_code] = kept
        return kept

    def ensure(self, subject_name_zh: str, organisation_code: str) -> SealKey:
        """The body's present seal; issued when it has none, is renamed, or it ends soon."""
        path, soon = self._path(organisation_code), datetime.now(UTC) + timedelta(days=RENEW_DAYS)
        kept = self._seals.get(organisation_code)
        if kept and kept.name == subject_name_zh and kept.usable(soon):
            return kept
        with _alone(self._folder):
            self._seals.pop(organisation_code, None)
            if path.exists():
                kept = self.seal(organisation_code)
                if kept.name == subject_name_zh and kept.usable(soon):
                    return kept
            return self._issue(path, subject_name_zh, organisation_code, SEAL_DAYS)

    def _path(self, code: str) -> Path:
        if not _CODE.fullmatch(code) or code in _RESERVED:
            raise ValueError("A body's code is 1 to 64 letters, digits, - or _.")
        return self._folder / code / "seal.pem"

    def _issue(self, path: Path, name: str, code: str, days: int) -> SealKey:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._certificate(key, name, code, days)
        issued = self._folder / "issued" / f"{certificate.serial_number:x}.crt"
        _write(issued, certificate.public_bytes(serialization.Encoding.PEM), 0o644)
        _write(path, _pem(key, certificate), 0o600)
        self._seals[code] = SealKey(key, certificate, self.root)
        return self._seals[code]

    def _certificate(
        self, key: ec.EllipticCurvePrivateKey, name: str, code: str, days: int
    ) -> x509.Certificate:
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, name),
                x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, SEAL_UNIT),
                x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, code),
                x509.NameAttribute(NameOID.COMMON_NAME, name),
            ]
        )
        builder = _builder(subject, self.root.subject, key.public_key(), self._key.public_key())
        end = min(datetime.now(UTC) + timedelta(days=days), self.root.not_valid_after_utc)
        return (
            builder.not_valid_after(end)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage([DOCUMENT_SIGNING]), critical=False)
            .sign(self._key, hashes.SHA256())
        )


def _root_certificate(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Lingnan demonstration 岭南演示"),
            x509.NameAttribute(NameOID.COMMON_NAME, ROOT_NAME),
        ]
    )
    return (
        _builder(name, name, key.public_key(), key.public_key())
        .not_valid_after(datetime.now(UTC) + timedelta(days=ROOT_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .sign(key, hashes.SHA256())
    )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    issuer_public: ec.EllipticCurvePublicKey,
) -> x509.CertificateBuilder:
    """What both kinds of certificate have (RFC 5280 §4.2.1.1, §4.2.1.2)."""
    above = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_public)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(minutes=1))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(above, critical=False)
    )


def _usage(**chosen: bool) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
        "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: chosen.get(name, False) for name in names})


def _pem(key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> bytes:
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)


def _read(path: Path) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    try:
        data = path.read_bytes()
        key = serialization.load_pem_private_key(data, password=None)
        certificate = x509.load_pem_x509_certificate(data)
    except (OSError, ValueError, TypeError) as problem:
        raise SealUnavailable(f"The key file {path.name} cannot be read.") from problem
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise SealUnavailable(f"The key file {path.name} holds no P-256 key.")
    return key, certificate


def _write(path: Path, data: bytes, mode: int) -> None:
    """Put a whole file in place or none; called by one process at a time."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process or thread at a time in this folder. Raises `SealUnavailable`."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)
    except OSError as problem:
        raise SealUnavailable(f"The folder of keys cannot be used: {problem}") from problem
