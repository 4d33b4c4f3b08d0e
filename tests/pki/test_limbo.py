"""The public cases of path validation (x509-limbo), and where we differ, each with its reason."""

import json
import os
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from lingnan.kernel.trust.pki.paths import MOST_INTERMEDIATES, Trust, path
from lingnan.kernel.trust.pki.refusals import Refused

DATA = Path(os.environ.get("LINGNAN_TESTDATA", "../shared/testdata")) / "x509" / "limbo.json"
AUTHORITY = "an authority's own certificate acts for nobody else here"
SELF_ISSUED = "the library takes one of several certificates of the same name for the issuer"
COMMON = "a common name is never taken for a host, so that nothing is asked of it"
SUFFIX = "no list of public suffixes is kept; our own authorities issue no wildcards"
DIFFERENT = {
    "cve::cve-2024-0567": "the library gives up before so many signatures",
    "pathlen::validation-ignores-pathlen-in-leaf": AUTHORITY,
    "rfc5280::ca-as-leaf": AUTHORITY,
    "pathlen::self-issued-certs-pathlen": SELF_ISSUED,
    "pathlen::max-chain-depth-1-self-issued": SELF_ISSUED,
    "rfc5280::nc::permitted-self-issued": SELF_ISSUED,
    "rfc5280::eku::ee-without-eku": "a certificate says what it is for (also a case: webpki)",
    "rfc5280::nc::permitted-dn-match": "the library knows no constraint of directory names",
    "webpki::nc::permitted-dns-match-noncritical": "constraints are critical (RFC 5280 4.2.1.10)",
    "webpki::cn::ipv4-hex-mismatch": COMMON,
    "webpki::cn::ipv4-leading-zeros-mismatch": COMMON,
    "webpki::cn::ipv6-uppercase-mismatch": COMMON,
    "webpki::cn::ipv6-uncompressed-mismatch": COMMON,
    "webpki::cn::ipv6-non-rfc5952-mismatch": COMMON,
    "webpki::cn::punycode-not-in-san": COMMON,
    "webpki::cn::utf8-vs-punycode-mismatch": COMMON,
    "webpki::cn::not-in-san": COMMON,
    "webpki::cn::case-mismatch": COMMON,
    "webpki::san::public-suffix-wildcard-san": SUFFIX,
    "webpki::san::public-suffix-multi-label-wildcard-san": SUFFIX,
    "webpki::san::public-suffix-private-namespace-wildcard-san": SUFFIX,
    "webpki::san::san-critical-with-nonempty-subject": "RFC 5280 4.2.1.6 lets it be critical",
}


def accepted(case: dict[str, Any]) -> bool:
    try:
        one = x509.load_pem_x509_certificate(case["peer_certificate"].encode())
        others = [
            x509.load_pem_x509_certificate(p.encode()) for p in case["untrusted_intermediates"]
        ]
        server, name = case["validation_kind"] == "SERVER", case["expected_peer_name"]
        host = name["value"] if server and name else None
        most = case["max_chain_depth"]
        most = MOST_INTERMEDIATES if most is None else most
        path(one, others, trust(case), "server" if server else "client", host, most)
    except (Refused, ValueError):  # ValueError: bytes that are no certificate
        return False
    return True


def trust(case: dict[str, Any]) -> Trust:
    at = case["validation_time"]
    return Trust(
        tuple(x509.load_pem_x509_certificate(p.encode()) for p in case["trusted_certs"]),
        datetime.fromisoformat(at) if at else datetime.now(UTC),
        tuple(x509.load_pem_x509_crl(p.encode()) for p in case["crls"] or ()),
    )


def test_every_public_case_is_judged_as_it_should_be_or_differs_for_a_reason() -> None:
    if not DATA.exists():
        pytest.skip("the public cases of x509-limbo are not at hand")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cases = json.loads(DATA.read_text())["testcases"]
        found = {c["id"] for c in cases if accepted(c) != (c["expected_result"] == "SUCCESS")}
    assert len(cases) > 190
    assert found == set(DIFFERENT)
