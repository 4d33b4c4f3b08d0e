"""Whose seal: a body's certificate, the key behind it, the certificates above it."""

from dataclasses import dataclass
from datetime import datetime

from asn1crypto import x509

from lingnan.kernel.trust.keystore.keys import SigningKey


@dataclass(frozen=True, eq=False)
class SealKey:
    """`chain` goes from the issuing authority up to the root, both included."""

    certificate: x509.Certificate
    key: SigningKey
    chain: tuple[x509.Certificate, ...]

    @property
    def name(self) -> str:
        """The body's name as the certificate says it."""
        return str(self.certificate.subject.native["common_name"])

    @property
    def serial(self) -> str:
        """The certificate's serial number in hexadecimal."""
        return f"{self.certificate.serial_number:x}"

    def usable(self, on: datetime) -> bool:
        """Whether the certificate is valid at that moment; not whether it was revoked."""
        return bool(self.certificate.not_valid_before <= on <= self.certificate.not_valid_after)
