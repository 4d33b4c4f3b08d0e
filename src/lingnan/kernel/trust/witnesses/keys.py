"""The keys of other nodes' logs and witnesses, by the root that an operator has registered."""

import hashlib
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from lingnan.kernel.trust.keystore.keys import Algorithm, PublicKey
from lingnan.kernel.trust.pki import paths
from lingnan.kernel.trust.pki.refusals import Refused
from lingnan.kernel.trust.witnesses import fetching

MARK = 32


class Untrusted(Exception):
    """What the node published is not certified under its registered root."""


def named(root: bytes, what: str) -> str:
    """What a node's log or witness is called: by the digest of its first root certificate in DER,
    which it keeps when the root is renewed."""
    return f"lingnan.{what}/{hashlib.sha256(root).hexdigest()[:MARK]}"


def published(address: str, name: str, purpose: str) -> PublicKey:
    """The key that a node publishes for a purpose, log or witness.

    `name` binds it to a root, or to one that this root has certified by a link. Raises Untrusted,
    fetching.Unreachable, fetching.Answered.
    """
    try:
        chain = x509.load_pem_x509_certificates(
            fetching.get(address, f"/trust/{purpose}/certificates.pem")
        )
    except (ValueError, x509.InvalidVersion) as problem:
        raise Untrusted(str(problem)) from problem
    own, der = chain[0], serialization.Encoding.DER
    # Where the node's root was renewed, the named one may be above by a link alone.
    root = next((o for o in chain[1:] if named(o.public_bytes(der), purpose) == name), None)
    if root is None:
        raise Untrusted(f"another root than that of {name}")
    others = [one for one in chain[1:] if one != root]
    try:
        paths.path(own, others, paths.Trust((root,), datetime.now(UTC)), purpose)
    except Refused as refusal:
        raise Untrusted(str(refusal)) from refusal
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return PublicKey(Algorithm.P256, own.public_key().public_bytes(der, form))
