"""Addresses, identifiers, hashes and errors of the X-Road message protocol for REST."""

import base64
import hashlib
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingnan.standards import xroad
from lingnan.standards.xroad import BadRequest, Identifier, Service

PART = st.text("abcXYZ019'()+,-.=?_", min_size=1, max_size=12).filter(
    lambda p: p not in (".", "..")
)
SUBSYSTEM = st.builds(Identifier, PART, PART, PART, PART)


def test_the_protocols_own_example() -> None:
    """PR-REST §4.1."""
    found = xroad.called("/r1/INSTANCE/CLASS2/MEMBER2/SUBSYSTEM2/BARSERVICE/v1/bar/zyggy", "quu=1")
    provider = Identifier("INSTANCE", "CLASS2", "MEMBER2", "SUBSYSTEM2")
    assert found == xroad.Called(Service(provider, "BARSERVICE"), "/v1/bar/zyggy", "quu=1")


@given(SUBSYSTEM, PART, st.lists(PART, max_size=3))
def test_an_address_is_read_as_it_was_written(
    provider: Identifier, code: str, below: list[str]
) -> None:
    path = "".join(f"/{quote(one, safe='')}" for one in below)
    service = Service(provider, code)
    assert xroad.called(f"/r1/{service}{path}") == xroad.Called(service, path, "")
    assert xroad.service(str(service)) == service
    assert xroad.identifier(str(provider)) == provider
    member = Identifier(*provider.parts[:3])
    assert xroad.identifier(str(member)) == member


@pytest.mark.parametrize(
    "path",
    [
        "/r1/A/B/C/D",
        "/r2/A/B/C/D/E",
        "/A/B/C/D/E",
        "/r1/A/B/C//E",
        "/r1/A/B/C/../E",
        "/r1/A/B/C/%2e%2e/E",
        "/r1/A/B/C/D%2FX/E",
        "/r1/A/B/C/%FF/E",
        "/r1/A/B/C/D/E/../../admin",
        "/r1/A/B/C/D/E/%2e%2E/admin",
        "/r1/A/B/C/D/E/a\\..\\b",
        "/r1/A/B/C/D/E/" + "x" * 2000,
    ],
)
def test_an_address_that_is_none_is_refused(path: str) -> None:
    with pytest.raises(BadRequest):
        xroad.called(path)


@given(st.text(max_size=60))
def test_rubbish_is_refused_or_written_again_as_it_is_meant(text: str) -> None:
    try:
        found = xroad.identifier(text)
    except BadRequest:
        return
    assert xroad.identifier(str(found)) == found


def test_what_leaks_a_host_or_belongs_to_the_server_is_not_carried() -> None:
    fields = [
        ("Host", "10.0.0.1"),
        ("User-Agent", "client"),
        ("Accept", "application/xml"),
        ("X-Road-Request-Hash", "forged"),
        ("X-Road-Client", "A/B/C/D"),
        ("X-Own", "1"),
        ("X-Own", "2"),
    ]
    assert xroad.carried(fields) == [
        ("accept", "application/xml"),
        ("x-road-client", "A/B/C/D"),
        ("x-own", "1"),
        ("x-own", "2"),
    ]


def test_the_request_hash_binds_head_and_body() -> None:
    fields = [("x-road-client", "A/B/C/D"), ("accept", "*/*")]
    head = b"GET\r\n/r1/A/B/C/D/E?q=1\r\nx-road-client:A/B/C/D\r\naccept:*/*\r\n"
    sha512 = hashlib.sha512
    without = base64.b64encode(sha512(head).digest()).decode()
    assert xroad.request_hash("GET", "/r1/A/B/C/D/E?q=1", fields, b"") == without
    both = sha512(sha512(head).digest() + sha512(b"{}").digest()).digest()
    found = xroad.request_hash("GET", "/r1/A/B/C/D/E?q=1", fields, b"{}")
    assert found == base64.b64encode(both).decode()


def test_metadata_is_written_as_its_examples_are() -> None:
    """PR-MREST annex B.1, PR-META annex C.1."""
    provider = Identifier("INSTANCE", "CLASS2", "MEMBER2", "SUBSYSTEM2")
    assert xroad.methods(provider, {"kore": [("GET", "/school")]}) == {
        "service": [
            {
                "member_class": "CLASS2",
                "member_code": "MEMBER2",
                "object_type": "SERVICE",
                "service_code": "kore",
                "service_type": "REST",
                "subsystem_code": "SUBSYSTEM2",
                "xroad_instance": "INSTANCE",
                "endpoint_list": [{"method": "GET", "path": "/school"}],
            }
        ]
    }
    member = Identifier("INSTANCE", "CLASS2", "MEMBER2")
    listed = xroad.clients({provider: "Two", member: "Two"})["member"]
    assert [one["id"]["object_type"] for one in listed] == ["MEMBER", "SUBSYSTEM"]
    assert "subsystem_code" not in listed[0]["id"]
