"""Consents that another node signed: shown by it, and judged by the root that was registered.

A node shows what was signed with the certificates above its key. Whoever judges believes nothing
but a root that an operator has registered by its digest; only keys that are certified for signing
consents count (`profiles.CONSENT`), so that no department's own system can sign any.

Where the node's root was renewed, the links between its roots are shown too: what is signed under
the next root leads by a link to the registered one, and is told apart by that one.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from lingnan.kernel.runtime.api import read_json
from lingnan.kernel.trust.certification import authorities, links, register
from lingnan.kernel.trust.consents import signing
from lingnan.kernel.trust.models import Consent, IssuedCertificate
from lingnan.kernel.trust.pki import paths
from lingnan.kernel.trust.pki.refusals import Refused

LONGEST, MOST_CERTIFICATES, MOST_LINKS = 20_000, 6, 20
TEXTS = ("number", "giver_kind", "body", "resource", "purpose", "basis", "agreement", "terms",
         "period", "valid_until", "given_at")  # fmt: skip


class NotGenuine(ValueError):
    """What was shown is not what a registered node signed."""


@dataclass(frozen=True)
class Shown:
    """A signed text as it travels: `chain` in PEM, the signer first, the root last; `links` the
    node's roots and the links between them, empty where it has one root."""

    document: str
    signature: str
    chain: str
    links: str = ""

    def plain(self) -> dict[str, str]:
        said = {"document": self.document, "signature": self.signature, "chain": self.chain}
        return said | ({"links": self.links} if self.links else {})

    @classmethod
    def read(cls, said: Any, longest: int = LONGEST) -> "Shown":
        """Of a text of at most `longest` characters. Raises NotGenuine on anything else."""
        if not isinstance(said, dict):
            raise NotGenuine("nothing was shown")
        parts = [said.get(name) for name in ("document", "signature", "chain")]
        parts.append(said.get("links", ""))
        texts = [part for part in parts if isinstance(part, str)]
        most = (longest, LONGEST, LONGEST, LONGEST)
        if len(texts) < 4 or any(len(text) > top for text, top in zip(texts, most, strict=True)):
            raise NotGenuine("not a signed text")
        return cls(*texts)


def root_digest() -> str:
    """By what another node registers this one: SHA-256 of its newest root certificate, 64 digits.

    Whoever registered an earlier one is led on by the links, as long as that has not ended.
    """
    newest = authorities.newest(authorities.ROOT)
    return hashlib.sha256(authorities.issuer(newest).certificate.dump()).hexdigest()


def digest_of(root: str) -> str:
    """The same of another node's root certificate in PEM. Raises ValueError."""
    try:
        return _digest(x509.load_pem_x509_certificate(root.encode()))
    except x509.InvalidVersion as fault:
        raise ValueError(str(fault)) from fault


def of_consent(consent: Consent) -> Shown:
    """A consent with the certificate that signed it. Raises `KeyStoreUnavailable`, KeyError."""
    row = IssuedCertificate.objects.get(serial=consent.certificate, holder=signing.HOLDER)
    above = authorities.chain(row.authority)
    chain = _pem([register.loaded(row), *above])
    return Shown(consent.document, consent.signature, chain, _pem(links.known()))


def signed(said: Mapping[str, Any], key: register.Certified | None = None) -> Shown:
    """Something said now, signed by the node's key for consents where no other is given."""
    by = key or signing.signer()
    made = signing.sign(said, by)
    chain = _pem([by.certificate, *by.chain])
    return Shown(made.document, made.signature, chain, _pem(links.known()))


def _pem(chain: Sequence[asn1.Certificate]) -> str:
    form = serialization.Encoding.PEM
    found = [x509.load_der_x509_certificate(one.dump()).public_bytes(form) for one in chain]
    return b"".join(found).decode()


def said(
    shown: Shown, roots: Collection[str], purpose: str = "consent"
) -> tuple[dict[str, Any], str]:
    """(what it says, the digest of the registered root it leads to). Only a key that is certified
    for the purpose counts. Raises NotGenuine."""
    try:
        chain = x509.load_pem_x509_certificates(shown.chain.encode())
        linked = x509.load_pem_x509_certificates(shown.links.encode()) if shown.links else []
        told = read_json(shown.document)
    except (ValueError, x509.InvalidVersion) as fault:
        raise NotGenuine(str(fault)) from fault
    if not isinstance(told, dict) or signing.canonical(told) != shown.document:
        raise NotGenuine("not in canonical form")
    if not 2 <= len(chain) <= MOST_CERTIFICATES or len(linked) > MOST_LINKS:
        raise NotGenuine("no path")
    digest = _led(chain, linked, roots, purpose)
    own = asn1.Certificate.load(chain[0].public_bytes(serialization.Encoding.DER))
    if not signing.signed_by(own, shown.document, shown.signature):
        raise NotGenuine("the signature does not hold")
    return told, digest


def _led(
    chain: list[x509.Certificate],
    linked: list[x509.Certificate],
    roots: Collection[str],
    purpose: str,
) -> str:
    """The digest of the registered root that the signer leads to: its own, or one that has
    certified its own by a link. Raises NotGenuine."""
    given = {_digest(one): one for one in (*chain[1:], *linked)}
    own = [_digest(chain[-1]), *(_digest(one) for one in linked)]
    trusted = [digest for digest in dict.fromkeys(own) if digest in roots]
    if not trusted:
        raise NotGenuine("signed under a root that is not registered here")
    why = ""
    for digest in trusted:
        others = [one for name, one in given.items() if name != digest]
        try:
            trust = paths.Trust((given[digest],), datetime.now(UTC))
            paths.path(chain[0], others, trust, purpose)
        except Refused as refusal:
            why = why or str(refusal)
        else:
            return digest
    raise NotGenuine(why)


def _digest(certificate: x509.Certificate) -> str:
    return hashlib.sha256(certificate.public_bytes(serialization.Encoding.DER)).hexdigest()


def consent_said(shown: Shown, roots: Collection[str]) -> tuple[dict[str, Any], str]:
    """`said` of a consent: every part of it is there, of its kind. Raises NotGenuine."""
    told, digest = said(shown, roots)
    whole = all(isinstance(told.get(name), str) for name in TEXTS)
    lists = all(
        isinstance(told.get(name), list) and all(isinstance(one, str) for one in told[name])
        for name in ("elements", "separate")
    )
    if not whole or not lists or type(told.get("most")) is not int:
        raise NotGenuine("not a consent")
    try:
        date.fromisoformat(told["valid_until"])
    except ValueError as fault:
        raise NotGenuine("not a day") from fault
    return told, digest
