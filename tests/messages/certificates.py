"""Certificates of a test: a root, and a channel under it that names a node."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from lingnan.kernel.exchange.messages.channels import Certified


def certified(code: str) -> tuple[Certified, str]:
    """A node's channel, and its root in PEM."""
    above, own = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = _made(f"root of {code}", above, f"root of {code}", above, "")
    chain = _made(code, own, f"root of {code}", above, code)
    form, how = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    key = own.private_bytes(form, how, serialization.NoEncryption()).decode()
    return Certified(chain, key), root


def _made(
    subject: str, key: ec.EllipticCurvePrivateKey, issuer: str, by: ec.EllipticCurvePrivateKey,
    code: str,
) -> str:  # fmt: skip
    now = datetime.now(UTC)
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, n)]) for n in (subject, issuer)]
    made = (
        x509.CertificateBuilder()
        .subject_name(names[0])
        .issuer_name(names[1])
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(not code, None if code else 1), critical=True)
    )
    if code:
        uses = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        made = made.add_extension(x509.ExtendedKeyUsage(uses), critical=False)
        made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(code)]), critical=False)
    return made.sign(by, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()
