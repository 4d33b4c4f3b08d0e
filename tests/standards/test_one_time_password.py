"""One-time passwords against the vectors of RFC 6238 Appendix B and RFC 4226 Appendix D."""

import base64
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingnan.standards import one_time_password as otp

DIGITS = b"1234567890"
SEEDS = {"sha1": DIGITS * 2, "sha256": (DIGITS * 4)[:32], "sha512": (DIGITS * 7)[:64]}
# RFC 6238 Appendix B, as corrected for the seeds of SHA-256 and SHA-512 (erratum 2866).
VECTORS = [
    (59, "94287082", "46119246", "90693936"),
    (1111111109, "07081804", "68084774", "25091201"),
    (1111111111, "14050471", "67062674", "99943326"),
    (1234567890, "89005924", "91819424", "93441116"),
    (2000000000, "69279037", "90698825", "38618901"),
    (20000000000, "65353130", "77737706", "47863826"),
]
COUNTED = ["755224", "287082", "359152", "969429", "338314",
           "254676", "287922", "162583", "399871", "520489"]  # fmt: skip
SEED = SEEDS["sha1"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda one: str(one[0]))
def test_the_vectors_of_rfc_6238(vector: tuple[int, str, str, str]) -> None:
    seconds, *codes = vector
    step = otp.step_at(seconds)
    for digest, said in zip(("sha1", "sha256", "sha512"), codes, strict=True):
        assert otp.code(SEEDS[digest], step, 8, digest) == said


def test_the_vectors_of_rfc_4226() -> None:
    assert [otp.code(SEED, counter) for counter in range(10)] == COUNTED


def test_a_step_beside_is_accepted_and_no_further() -> None:
    now = 1_000_000
    step = otp.step_at(now)
    for beside in (-1, 0, 1):
        assert otp.accepted(SEED, otp.code(SEED, step + beside), now, 0) == step + beside
    for beside in (-2, 2):
        assert otp.accepted(SEED, otp.code(SEED, step + beside), now, 0) is None


def test_what_was_used_is_refused() -> None:
    now = 1_000_000
    step = otp.step_at(now)
    said = otp.code(SEED, step)
    assert otp.accepted(SEED, said, now, step - 1) == step
    assert otp.accepted(SEED, said, now, step) is None
    # An earlier step than the last is spent too.
    assert otp.accepted(SEED, otp.code(SEED, step - 1), now, step) is None


@given(st.text(max_size=8), st.integers(0, 2**40))
def test_anything_may_be_said(said: str, seconds: int) -> None:
    found = otp.accepted(SEED, said, seconds, 0)
    assert found is None or otp.code(SEED, found) == said


@given(st.binary(min_size=20, max_size=20), st.text(min_size=1, max_size=20))
def test_the_address_says_the_seed(seed: bytes, account: str) -> None:
    parts = urlsplit(otp.address(seed, "Lingnan 岭南", account))
    asked = parse_qs(parts.query)
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    text = asked["secret"][0]
    assert base64.b32decode(text + "=" * (-len(text) % 8)) == seed
    assert asked["issuer"] == ["Lingnan 岭南"]
