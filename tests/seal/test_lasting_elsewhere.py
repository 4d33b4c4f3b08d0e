"""What other people's software says of seals that outlive their certificates."""

import asyncio
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import crl, ocsp, pem
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.ades import ades_with_time_validation
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

from lingnan.kernel.trust.pki import profiles
from lingnan.kernel.trust.seal.api import seal_pdf, verify_pdf
from tests.seal.authority import Authority
from tests.seal.test_lasting import envelope, sealed
from tests.seal.test_seal import authority, byte_range, key, plain

__all__ = ["authority", "key", "plain", "sealed"]


@pytest.mark.parametrize("ended", [False, True])
def test_pyhanko_agrees(plain: bytes, authority: Authority, ended: bool) -> None:
    """At the moment of the stamp, by the answers in the document, with every answer required."""
    then = datetime.now(UTC) - timedelta(days=2) if ended else datetime.now(UTC)
    key = authority.seal(at=then, days=1)
    lasting = authority.lasting(key, at=then + timedelta(hours=1) if ended else None)
    document = seal_pdf(plain, key, "", "", "", lasting)
    reader = PdfFileReader(BytesIO(document))
    store, own = DocumentSecurityStore.read_dss(reader), verify_pdf(document, [authority.root])
    context = store.as_validation_context({
        "trust_roots": [authority.root],
        "allow_fetching": False,
        "moment": own.stamped_at,
        "revocation_mode": "require",
    })  # fmt: skip
    usage = KeyUsageConstraints(key_usage={"non_repudiation"})
    status = asyncio.run(
        async_validate_pdf_signature(
            reader.embedded_signatures[0], context, key_usage_settings=usage
        )
    )
    assert own.problem is None and status.bottom_line and status.timestamp_validity
    assert status.timestamp_validity.timestamp == own.stamped_at


def test_pyhanko_agrees_by_the_procedure_of_the_standard(
    sealed: bytes, authority: Authority
) -> None:
    """ETSI EN 319 102-1 §5.5, validation with time: today, by what the document carries."""
    reader = PdfFileReader(BytesIO(sealed))
    signature, store = reader.embedded_signatures[0], DocumentSecurityStore.read_dss(reader)
    known = LocalKnowledge(
        [OCSPContainer(ocsp.OCSPResponse.load(one.get_object().data)) for one in store.ocsps],
        [CRLContainer(crl.CertificateList.load(one.get_object().data)) for one in store.crls],
        list(store.load_certs()),
    )
    policy = CertValidationPolicySpec(
        SimpleTrustManager.build(trust_roots=[authority.root]), CertRevTrustPolicy(REQUIRE_REVINFO)
    )
    spec = SignatureValidationSpec(
        policy,
        RevocationInfoGatheringSpec(RevinfoOnlineFetchingRule.LOCAL_ONLY),
        key_usage_settings=KeyUsageConstraints(key_usage={"non_repudiation"}),
        local_knowledge=known,
    )
    digest = signature.compute_digest()
    found = asyncio.run(ades_with_time_validation(signature.signed_data, spec, raw_digest=digest))
    assert found.ades_subindic == AdESPassed.OK
    assert found.best_signature_time == verify_pdf(sealed, [authority.root]).stamped_at


def test_openssl_agrees(sealed: bytes, authority: Authority, tmp_path: Path) -> None:
    """The signature over the signed bytes, and the time-stamp over the signature."""
    openssl = shutil.which("openssl")
    assert openssl
    first, start, end, rest = byte_range(sealed)
    (signer,) = envelope(sealed)["content"]["signer_infos"]
    files = {
        "seal.der": envelope(sealed).dump(),
        "content": sealed[first:start] + sealed[end : end + rest],
        "root.pem": pem.armor("CERTIFICATE", authority.root.dump()),
        "signature": signer["signature"].native,
        "stamp.der": signer["unsigned_attrs"][0]["values"][0].dump(),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    trusted = ["-CAfile", "root.pem"]
    cms_words = ["cms", "-verify", "-inform", "DER", "-in", "seal.der", "-content", "content",
                 "-binary", "-purpose", "any", *trusted]  # fmt: skip
    stamp_words = ["ts", "-verify", "-token_in", "-in", "stamp.der", "-data", "signature", *trusted]
    for words in (cms_words, stamp_words):
        done = subprocess.run([openssl, *words], cwd=tmp_path, capture_output=True, timeout=30)
        assert done.returncode == 0, done.stderr


def test_a_stamper_is_certified_for_nothing_else(authority: Authority) -> None:
    assert profiles.TIME_STAMP.usage == {"digital_signature"}
    assert authority.stamper().certificate.extended_key_usage_value.native == ["time_stamping"]
