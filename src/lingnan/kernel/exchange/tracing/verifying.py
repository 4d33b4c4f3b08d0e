"""Whether the signatures of a message hold, from what is kept of it alone."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key

from lingnan.kernel.exchange.messages import signing, witnessing
from lingnan.kernel.exchange.tracing import keys
from lingnan.standards import http_signatures
from lingnan.standards.http_signatures import BadSignature, Message

WHOLE, DIGEST, BROKEN, UNKNOWN, NONE = "whole", "digest", "broken", "unknown", "none"
"""The signature holds, and what it signs was made again from what is kept; it holds over the digest
that is kept of what it signs; it does not hold; its key is in no directory; nothing is kept."""


@dataclass(frozen=True)
class Verdict:
    """`server`: whose key it is; `created`: seconds since 1970, as it was signed."""

    verdict: str
    server: str = ""
    keyid: str = ""
    created: int = 0


def of_request(told: Mapping[str, Any], reference: str) -> Verdict:
    """Of the request, by what one node has written down."""
    return _verdict(
        str(told.get("input", "")), str(told.get("signature", "")), str(told.get("base", "")),
        witnessing.rebuilt(told, reference),
    )  # fmt: skip


def of_answer(told: Mapping[str, Any], reference: str) -> Verdict:
    """Of the answer; only the node that asked has it."""
    return _verdict(
        str(told.get("answer_input", "")), str(told.get("answer_signature", "")),
        str(told.get("answer_base", "")), witnessing.rebuilt_answer(told, reference),
    )  # fmt: skip


def _verdict(stated: str, signature: str, base: str, rebuilt: str) -> Verdict:
    if not (stated and signature and base):
        return Verdict(NONE)
    fields = {"signature-input": stated, "signature": f"{signing.LABEL}=:{signature}:"}
    try:
        told, raw = http_signatures.stated(Message(fields), signing.LABEL)
        digest = bytes.fromhex(base)
    except (BadSignature, binascii.Error, ValueError):
        return Verdict(BROKEN)
    created = told.parameters.get("created")
    keyid, at = str(told.parameters.get("keyid", "")), created if isinstance(created, int) else 0
    known = keys.signer(keyid)
    if known is None:
        return Verdict(UNKNOWN, "", keyid, at)
    server, key = known
    if not _holds(key, digest, raw):
        return Verdict(BROKEN, server, keyid, at)
    return Verdict(WHOLE if rebuilt == base else DIGEST, server, keyid, at)


def _holds(key: bytes, digest: bytes, signature: bytes) -> bool:
    """As `signing` verifies, over a digest that was made before."""
    if len(signature) != 64 or len(digest) != 32:
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        loaded = load_der_public_key(key)
        if not isinstance(loaded, ec.EllipticCurvePublicKey):
            return False
        loaded.verify(encode_dss_signature(r, s), digest, ec.ECDSA(Prehashed(hashes.SHA256())))
    except (InvalidSignature, ValueError):
        return False
    return True


def signature_digest(signature: str) -> str:
    """By what a message is named apart from others of its X-Road-Id: SHA-256 of its signature, of
    its first 128 bits."""
    try:
        raw = base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        return ""
    return hashlib.sha256(raw).hexdigest()[:32] if raw else ""
