"""The node's key for TLS with other nodes: certified under its root, kept wrapped in its folder.

TLS needs the key itself, so it is not in a module even where the other keys are.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from asn1crypto import pem
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from lingnan.kernel.trust.certification import authorities, links, register
from lingnan.kernel.trust.keystore.files import alone, write_whole
from lingnan.kernel.trust.keystore.keys import Algorithm, PublicKey
from lingnan.kernel.trust.keystore.wrapping import WrappingKey
from lingnan.kernel.trust.models import IssuedCertificate
from lingnan.kernel.trust.pki import profiles
from lingnan.kernel.trust.pki.names import Name

HOLDER = "channel"


def own(code: str, hosts: tuple[str, ...] = ()) -> tuple[str, str]:
    """(certificate and those above it, private key), in PEM: of the node of this code, anew where
    it ends within a month or names other hosts. Who knows the former root alone is led on by the
    links that are shown with it. Raises `KeyStoreUnavailable`."""
    named = tuple(dict.fromkeys((code, *hosts)))
    row, key = _kept(code, named)
    chain = [row.pem.encode()]
    # Roots are left out: one that the other side does not know would end its search there.
    led = [one for one in links.known() if one.subject != one.issuer]
    above = (*authorities.chain(row.authority)[:-1], *led)
    chain += [pem.armor("CERTIFICATE", one.dump()) for one in above]
    form, how = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    private = key.private_bytes(form, how, serialization.NoEncryption())
    return b"".join(chain).decode(), private.decode()


def root() -> str:
    """The root above it, in PEM: what the directory names."""
    found = authorities.chain(authorities.province())[-1]
    return pem.armor("CERTIFICATE", found.dump()).decode()


def _kept(
    code: str, hosts: tuple[str, ...]
) -> tuple[IssuedCertificate, ec.EllipticCurvePrivateKey]:
    label = f"{HOLDER}-{code}"
    folder = Path(settings.DATA) / "keys" / "channel"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with alone(folder):
        key = _key(folder / "channel.key", label.encode())
        spki = key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return _present(label, hosts, spki) or _certified(label, code, hosts, spki), key


def _present(label: str, hosts: tuple[str, ...], spki: bytes) -> IssuedCertificate | None:
    soon = datetime.now(UTC) + timedelta(days=register.RENEW_DAYS)
    rows = IssuedCertificate.objects.filter(
        holder=label, profile=profiles.SYSTEM.name, state="good", not_after__gt=soon,
        authority=authorities.province(),
    )  # fmt: skip
    for row in rows.order_by("-not_after", "-key")[:3]:
        made = register.loaded(row)
        names = made.subject_alt_name_value.native if made.subject_alt_name_value else []
        if made.public_key.dump() == spki and tuple(names) == hosts:
            return row
    return None


def _certified(label: str, code: str, hosts: tuple[str, ...], spki: bytes) -> IssuedCertificate:
    made = register.certify(
        authorities.province(), label, Name(code, "Lingnan 岭南"),
        PublicKey(Algorithm.P256, spki), profiles.SYSTEM, "node", hosts=hosts,
    )  # fmt: skip
    return IssuedCertificate.objects.get(serial=f"{made.serial_number:x}")


def _key(path: Path, name: bytes) -> ec.EllipticCurvePrivateKey:
    """Raises `KeyDamaged` where its file was changed."""
    wrapping = WrappingKey.read_or_make(settings.WRAPPING_KEY).for_purpose(HOLDER)
    if not path.exists():
        made = ec.generate_private_key(ec.SECP256R1())
        form, how = serialization.Encoding.DER, serialization.PrivateFormat.PKCS8
        private = made.private_bytes(form, how, serialization.NoEncryption())
        write_whole(path, wrapping.wrap(private, name), 0o600)
        return made
    found = serialization.load_der_private_key(wrapping.unwrap(path.read_bytes(), name), None)
    if not isinstance(found, ec.EllipticCurvePrivateKey):
        raise TypeError(path)
    return found
