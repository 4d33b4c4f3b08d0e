"""What a time-stamp token says, and that it is one: strictly as `answering` writes them."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms, x509

from lingnan.kernel.trust.keystore import pairs
from lingnan.kernel.trust.keystore.keys import Algorithm, PublicKey
from lingnan.kernel.trust.seal.container import is_canonical_stamp


class BadStamp(ValueError):
    """It is no time-stamp over these bytes, or written in another way."""


@dataclass(frozen=True, eq=False)
class Stamped:
    """`at` holds if the path from `certificate` by `others` to a root does."""

    at: datetime
    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...]


def read(token: bytes, digest: bytes) -> Stamped:
    """A token over a SHA-256, its signature checked; whom it is by is for the caller to judge.
    Raises `BadStamp`, whatever the bytes are."""
    try:
        return _read(token, digest)
    except BadStamp:
        raise
    except Exception as problem:  # the parser fails in many ways on what it cannot read
        raise BadStamp(str(problem)) from problem


def _read(token: bytes, digest: bytes) -> Stamped:
    if not is_canonical_stamp(token, None):
        raise BadStamp("written in another way")
    signed = cms.ContentInfo.load(token)["content"]
    (signer,) = signed["signer_infos"]
    content = signed["encap_content_info"]["content"]
    told, attributes = content.parsed.native, _attributes(signer)
    serial = signer["sid"].chosen["serial_number"].native
    carried = [choice.chosen for choice in signed["certificates"]]
    (own,) = [one for one in carried if one.serial_number == serial]
    bound = attributes["signing_certificate_v2"]["certs"][0]["cert_hash"].native
    imprint = told["message_imprint"]
    holds = (
        imprint["hash_algorithm"]["algorithm"] == "sha256"
        and imprint["hashed_message"] == digest
        and attributes["content_type"].native == "tst_info"
        and attributes["message_digest"].native == hashlib.sha256(content.contents).digest()
        and bound == hashlib.sha256(own.dump()).digest()
        and pairs.verify(
            PublicKey(Algorithm.P256, own.public_key.dump()),
            signer["signed_attrs"].untag().dump(),
            signer["signature"].native,
        )
    )
    if not holds:
        raise BadStamp("not over these bytes, or not by its certificate")
    others = tuple(one for one in carried if one is not own)
    return Stamped(told["gen_time"], own, others)


def _attributes(signer: cms.SignerInfo) -> dict[str, Any]:
    found = {one["type"].native: one["values"][0] for one in signer["signed_attrs"]}
    if len(found) != len(signer["signed_attrs"]):
        raise BadStamp("an attribute twice")
    return found
