"""HTTP Message Signatures: the RFC's own examples, there and back, and what must be refused."""

import base64

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from lingnan.standards import http_signatures
from lingnan.standards.http_signatures import BadSignature, Component, Message

DATE = "Tue, 20 Apr 2021 02:07:55 GMT"
REQUEST_DIGEST = (
    "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwE"
    "mTHWXvJwew==:"
)
# RFC 9421, B.2: the request and the response that its examples sign.
REQUEST = Message(
    {
        "host": "example.com",
        "date": DATE,
        "content-type": "application/json",
        "content-digest": REQUEST_DIGEST,
        "content-length": "18",
        "signature-input": 'sig-b26=("date" "@method" "@path" "@authority" "content-type" '
        '"content-length");created=1618884473;keyid="test-key-ed25519"',
        "signature": "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0"
        "w6vuQv5lIp5WPpBKRCw==:",
    },
    method="POST",
    authority="example.com",
    path="/foo",
    query="param=Value&Pet=dog",
)
RESPONSE = Message(
    {
        "date": "Tue, 20 Apr 2021 02:07:56 GMT",
        "content-type": "application/json",
        "content-digest": "sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69w"
        "WdXymyU0rjJuahq4l5aGgfLQ==:",
        "content-length": "23",
        "signature-input": 'sig-b24=("@status" "content-type" "content-digest" "content-length")'
        ';created=1618884473;keyid="test-key-ecc-p256"',
        "signature": "sig-b24=:wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDA"
        "Uy5eCdlYUEkLIj+32oiasw==:",
    },
    status=200,
    request=REQUEST,
)
EDWARDS = "MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs="
P256 = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lfw0EkjqF7xB4FivAxzic30tMM4GF+"
    "hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ=="
)


def test_the_rfcs_request_is_by_its_key() -> None:
    told, signature = http_signatures.stated(REQUEST, "sig-b26")
    key = serialization.load_der_public_key(base64.b64decode(EDWARDS))
    assert isinstance(key, ed25519.Ed25519PublicKey)
    key.verify(signature, http_signatures.base(REQUEST, told.covered, told.text))
    assert told.parameters == {"created": 1618884473, "keyid": "test-key-ed25519"}


def test_the_rfcs_response_is_by_its_key() -> None:
    told, signature = http_signatures.stated(RESPONSE, "sig-b24")
    key = serialization.load_der_public_key(base64.b64decode(P256))
    assert isinstance(key, ec.EllipticCurvePublicKey)
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    signed = http_signatures.base(RESPONSE, told.covered, told.text)
    key.verify(encode_dss_signature(r, s), signed, ec.ECDSA(hashes.SHA256()))


def test_a_signature_base_is_as_the_rfc_prints_it() -> None:
    """RFC 9421 §2.4, a response that covers parts of its request."""
    covered = (
        Component("@status"),
        Component("content-digest"),
        Component("content-type"),
        Component("@authority", request=True),
        Component("@method", request=True),
        Component("@path", request=True),
        Component("content-digest", request=True),
    )
    text = http_signatures.inner_list(
        covered, {"created": 1618884479, "keyid": "test-key-ecc-p256"}
    )
    lines = http_signatures.base(RESPONSE, covered, text).decode().split("\n")
    assert lines[0] == '"@status": 200'
    assert lines[3:6] == [
        '"@authority";req: example.com',
        '"@method";req: POST',
        '"@path";req: /foo',
    ]
    assert lines[6] == f'"content-digest";req: {REQUEST_DIGEST}'
    assert lines[7].endswith(
        '"@path";req "content-digest";req);created=1618884479;keyid="test-key-ecc-p256"'
    )


PLAIN = st.text('abcdefghijklmnopqrstuvwxyz0123456789 "\\;,()=:', max_size=20)


@given(
    PLAIN,
    st.integers(-(10**14), 10**14),
    st.lists(
        st.builds(Component, st.sampled_from(["@status", "date", "@path"]), st.booleans()),
        unique=True,
    ),
    st.binary(max_size=80),
)
def test_what_is_written_is_read_again(
    text: str, number: int, covered: list[Component], signature: bytes
) -> None:
    told = {"created": number, "keyid": text}
    written = http_signatures.inner_list(covered, told)
    encoded = base64.b64encode(signature).decode()
    message = Message(
        {"signature-input": f"a=(), sig1={written}", "signature": f"b=::, sig1=:{encoded}:"}
    )
    found, value = http_signatures.stated(message)
    assert (found.covered, found.parameters, found.text) == (tuple(covered), told, written)
    assert value == signature


PARTS = (
    '("@method" "date")', "()", '("date";req)', '("a";b=")")', '("date" ', ";created=1618884473",
    ";expires=-5", ";expires=12", ";created=1.5", ';nonce="n"', ';nonce="a;b)=\\"c"',
    ';alg="x"', ';keyid="k"', ';keyid="k";keyid="l"', " ", "; ", ";made",
)  # fmt: skip
USUAL = '("@method" "date");created=1;expires=61;nonce="{}";alg="x";keyid="{}"'


@given(
    st.one_of(
        st.lists(st.sampled_from(PARTS), max_size=7).map("".join),
        st.builds(USUAL.format, PLAIN, PLAIN),
    )
)
def test_one_signature_is_read_as_it_is_among_others(stated: str) -> None:
    """What most signatures state is read at once, all else step by step: both say the same."""

    def read(others: str) -> object:
        fields = {"signature-input": f"{others}sig1={stated}", "signature": "sig1=:AA==:"}
        try:
            return http_signatures.stated(Message(fields))
        except BadSignature:
            return None

    assert read("") == read("a=(), ")


@given(st.text(max_size=80), st.text(max_size=40))
def test_rubbish_is_refused_and_never_breaks(given_input: str, given_signature: str) -> None:
    message = Message({"signature-input": f"sig1={given_input}", "signature": given_signature})
    with pytest.raises(BadSignature):
        http_signatures.stated(message)


@pytest.mark.parametrize(
    "covered",
    [
        (Component("date"), Component("date")),
        (Component("x-absent"),),
        (Component("@status"),),
        (Component("@method", request=True),),
    ],
)
def test_what_is_not_in_the_message_cannot_be_covered(covered: tuple[Component, ...]) -> None:
    with pytest.raises(BadSignature):
        http_signatures.base(REQUEST, covered, "()")


def test_a_line_break_in_a_field_cannot_forge_a_line() -> None:
    message = Message({"x-road-id": 'a\n"@method": GET'}, method="POST")
    with pytest.raises(BadSignature):
        http_signatures.base(message, (Component("x-road-id"),), "()")


def test_a_digest_is_of_its_body_only() -> None:
    told = http_signatures.content_digest(b"Guangdong")
    assert http_signatures.same_digest(told, b"Guangdong")
    assert not http_signatures.same_digest(told, b"Guangxi")
    assert not http_signatures.same_digest(REQUEST_DIGEST, b'{"hello": "world"}')
    with pytest.raises(BadSignature):
        http_signatures.same_digest("sha-256=abc", b"")
