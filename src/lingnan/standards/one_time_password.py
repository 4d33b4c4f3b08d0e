"""One-time passwords by time (RFC 6238, TOTP) over counters (RFC 4226, HOTP)."""

import base64
import hmac
from urllib.parse import quote, urlencode

STEP = 30
"""Seconds of a step (RFC 6238 §4.1)."""
DIGITS = 6
SEED_BYTES = 20
"""As long as the hash that is used (RFC 4226 §4, R6)."""


def code(seed: bytes, step: int, digits: int = DIGITS, digest: str = "sha1") -> str:
    """The password of a step (RFC 4226 §5.3)."""
    mac = hmac.digest(seed, step.to_bytes(8, "big"), digest)
    offset = mac[-1] & 15
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}d}"


def step_at(seconds: float) -> int:
    """The step of a moment, in seconds since 1970 (RFC 6238 §4.2)."""
    return int(seconds // STEP)


def accepted(seed: bytes, said: str, seconds: float, last: int, drift: int = 1) -> int | None:
    """The step whose password was said, or None.

    A step up to `last` was used before and is refused (RFC 6238 §5.2); clocks may differ by
    `drift` steps either way.
    """
    if len(said) != DIGITS or not (said.isascii() and said.isdigit()):
        return None
    now = step_at(seconds)
    for step in range(max(now - drift, last + 1, 0), now + drift + 1):
        if hmac.compare_digest(code(seed, step), said):
            return step
    return None


def seed_text(seed: bytes) -> str:
    """A seed as people type it: base 32 (RFC 4648 §6) without padding."""
    return base64.b32encode(seed).decode().rstrip("=")


def address(seed: bytes, issuer: str, account: str) -> str:
    """The `otpauth:` address that authenticator programs read from a QR code."""
    label = quote(f"{issuer}:{account}", safe="")
    told = {"secret": seed_text(seed), "issuer": issuer, "digits": DIGITS, "period": STEP}
    return f"otpauth://totp/{label}?{urlencode(told, quote_via=quote)}"
