"""Texts signed by a key of this node: consents and agreements by the one for consents, powers by
theirs."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from asn1crypto import x509

from lingnan.kernel.trust.certification import authorities, register
from lingnan.kernel.trust.keystore import pairs
from lingnan.kernel.trust.keystore.keys import Algorithm, PublicKey
from lingnan.kernel.trust.models import IssuedCertificate
from lingnan.kernel.trust.pki import profiles
from lingnan.kernel.trust.pki.names import Name

HOLDER = "consents"


@dataclass(frozen=True)
class Signed:
    """A text, its signature in base64 and the serial number of the certificate."""

    document: str
    signature: str
    certificate: str


def canonical(said: Mapping[str, Any]) -> str:
    """Canonical JSON: sorted names, no spaces."""
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def signer() -> register.Certified:
    """The node's key for consents and its certificate. Raises `KeyStoreUnavailable`."""
    name = Name("Lingnan 授权签名 consents", "Lingnan 岭南")
    return register.kept_for(HOLDER, name, profiles.CONSENT, authorities.province())


def sign(said: Mapping[str, Any], key: register.Certified | None = None) -> Signed:
    """What is said, as canonical JSON, signed; by the key for consents where no other is given.
    Raises `KeyStoreUnavailable`."""
    document, by = canonical(said), key or signer()
    signature = base64.b64encode(by.key.sign(document.encode())).decode()
    return Signed(document, signature, f"{by.certificate.serial_number:x}")


def holds(document: str, signature: str, certificate: str) -> bool:
    """Whether a text is what was signed by a key that this node certified for consents."""
    row = IssuedCertificate.objects.filter(serial=certificate, holder=HOLDER).first()
    if row is None or row.state == "revoked":
        return False
    found: x509.Certificate = register.loaded(row)
    return signed_by(found, document, signature)


def signed_by(certificate: x509.Certificate, document: str, signature: str) -> bool:
    """Whether the key of a certificate signed a text; the certificate itself is not judged."""
    public = PublicKey(Algorithm.P256, certificate.public_key.dump())
    try:
        signed = base64.b64decode(signature, validate=True)
    except ValueError:
        return False
    return pairs.verify(public, document.encode(), signed)
