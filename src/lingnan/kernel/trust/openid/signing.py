"""What this node signs for other systems: JSON Web Signatures (RFC 7515).

RS256, which every provider must have (OpenID Connect Core §15.1), and ES256 for systems that ask
for it. A key signs for ninety days; its public half is published for as long again, so that what it
signed can be checked.
"""

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key

from lingnan.kernel.trust.certification import authorities
from lingnan.kernel.trust.keystore.keys import Algorithm, PublicKey, SigningKey

COORDINATE = 32
KEYS = {"RS256": Algorithm.RSA, "ES256": Algorithm.P256}
FORM = "%Y%m%d"
SIGNS, PUBLISHED = timedelta(days=90), timedelta(days=180)


def signed(claims: dict[str, Any], algorithm: str, kind: str = "JWT") -> str:
    """The compact serialisation of signed claims (RFC 7515 §3.1); `algorithm`: one of KEYS;
    `kind`: what the header calls it.

    Raises `KeyStoreUnavailable`.
    """
    key = _present(algorithm)
    header = {"alg": algorithm, "typ": kind, "kid": identifier(key.public)}
    body = f"{_json(header)}.{_json(claims)}"
    signature = key.sign(body.encode("ascii"))
    if key.public.algorithm is Algorithm.P256:
        r, s = decode_dss_signature(signature)
        signature = r.to_bytes(COORDINATE, "big") + s.to_bytes(COORDINATE, "big")
    return f"{body}.{text(signature)}"


def published() -> dict[str, list[dict[str, str]]]:
    """The public keys that may stand behind what is still valid (RFC 7517 §5)."""
    found = []
    for algorithm in KEYS:
        _present(algorithm)
        for label in _labels(algorithm, PUBLISHED):
            public = authorities.keys().open(label).public
            named = {"kid": identifier(public), "use": "sig", "alg": algorithm}
            found.append(_members(public) | named)
    return {"keys": found}


def identifier(key: PublicKey) -> str:
    """The thumbprint of a key (RFC 7638)."""
    members = json.dumps(_members(key), sort_keys=True, separators=(",", ":"))
    return text(hashlib.sha256(members.encode()).digest())


def text(data: bytes) -> str:
    """Base64 for addresses, without padding (RFC 7515 §2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _json(value: dict[str, Any]) -> str:
    return text(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())


def _members(key: PublicKey) -> dict[str, str]:
    public = load_der_public_key(key.der)
    if isinstance(public, RSAPublicKey):
        numbers = public.public_numbers()
        return {"e": _number(numbers.e), "kty": "RSA", "n": _number(numbers.n)}
    assert isinstance(public, EllipticCurvePublicKey)
    point = public.public_numbers()
    x, y = (text(one.to_bytes(COORDINATE, "big")) for one in (point.x, point.y))
    return {"crv": "P-256", "kty": "EC", "x": x, "y": y}


def _number(value: int) -> str:
    return text(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def _labels(algorithm: str, within: timedelta) -> list[str]:
    """Keys that are not older, the newest first."""
    prefix = f"openid-{algorithm.lower()}-"
    since = prefix + (datetime.now(UTC) - within).strftime(FORM)
    found = [one for one in authorities.keys().labels() if one.startswith(prefix)]
    return sorted((one for one in found if one >= since), reverse=True)


def _present(algorithm: str) -> SigningKey:
    store = authorities.keys()
    for label in _labels(algorithm, SIGNS):
        return store.open(label)
    label = f"openid-{algorithm.lower()}-{datetime.now(UTC).strftime(FORM)}"
    try:
        return store.make(label, KEYS[algorithm])
    except ValueError:
        return store.open(label)  # another process has made it meanwhile
