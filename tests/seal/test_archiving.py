"""Later and archive time-stamps behind a seal (PAdES B-LTA), and what else may follow: nothing."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import crl, ocsp
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

from lingnan.kernel.trust.pki.revoking import Reason
from lingnan.kernel.trust.seal import tails
from lingnan.kernel.trust.seal.api import Lasting, SealKey, seal_pdf, verify_pdf
from tests.seal.authority import Authority
from tests.seal.test_lasting import annotate, hide, later, loosen
from tests.seal.test_seal import authority, key, plain

__all__ = ["authority", "key", "plain"]


def added(pdf: bytes, lasting: Lasting, form: str = tails.FORMS[-1]) -> bytes:
    carried = tails.Answers.of(lasting.certificates, lasting.answers, lasting.lists)
    return pdf + tails.add(pdf, carried, lasting.stamp, form)


def told_by_signature(pdf: bytes) -> list[set[bytes]]:
    """What each signature's entry in the document leads to, in the order of the signatures; each
    is named as another software names it."""
    reader = PdfFileReader(BytesIO(pdf))
    entries, found = reader.root["/DSS"]["/VRI"], []
    for signature in reader.embedded_signatures:
        name = DocumentSecurityStore.sig_content_identifier(signature.pkcs7_content)
        told = entries.get(name, {})
        found.append({one.get_object().data for kind in ("/Cert", "/OCSP", "/CRL")
                      for one in told.get(kind, ())})  # fmt: skip
    assert len(entries) == sum(map(bool, found)), "an entry for something else"
    return found


@pytest.fixture(scope="module")
def sealed(plain: bytes, key: SealKey, authority: Authority) -> bytes:
    return seal_pdf(plain, key, "签发证照", "广州", "12345", authority.lasting(key))


@pytest.fixture(scope="module")
def archived(sealed: bytes, key: SealKey, authority: Authority) -> bytes:
    return added(sealed, authority.lasting(key))


def pyhanko_says(pdf: bytes, authority: Authority) -> object:
    """Another software's judgement by the standard's procedure for the long term, offline."""
    reader = PdfFileReader(BytesIO(pdf))
    store = DocumentSecurityStore.read_dss(reader)
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
    signature = reader.embedded_signatures[0]
    return asyncio.run(
        ades_lta_validation(signature, PdfSignatureValidationSpec(spec))
    ).ades_subindic


def test_stamped_later_and_again_and_what_was_handed_out_before_stays(
    plain: bytes, key: SealKey, authority: Authority
) -> None:
    first = seal_pdf(plain, key, "", "", "")
    second = added(first, authority.lasting(key))
    third = added(second, authority.lasting(key))
    reports = [verify_pdf(one, [authority.root]) for one in (first, second, third)]
    assert [one.problem for one in reports] == [None] * 3
    assert [one.level for one in reports] == ["B-B", "B-LTA", "B-LTA"]
    assert reports[0].stamped_at is None
    assert reports[1].stamped_at == reports[2].stamped_at is not None
    for report, outcomes in zip(reports, ("not_checked", "passed", "passed"), strict=True):
        found = {one.code: one.outcome for one in report.checks}
        assert found["time"] == found["lasting"] == found["not_revoked"] == outcomes
    assert second.startswith(first) and third.startswith(second)


def test_pyhanko_agrees_for_the_long_term(
    archived: bytes, key: SealKey, authority: Authority
) -> None:
    for one in (archived, added(archived, authority.lasting(key))):
        assert verify_pdf(one, [authority.root]).level == "B-LTA"
        assert pyhanko_says(one, authority) == AdESPassed.OK


def test_each_signature_leads_to_its_own_answers(
    plain: bytes, sealed: bytes, key: SealKey, authority: Authority
) -> None:
    """Of the seal at its archive time-stamp, of each time-stamp at the next (ISO 32000-2
    §12.8.4.4); a seal that was stamped later shares its answers with its time-stamp."""
    one, two = authority.lasting(key), authority.lasting(key)
    thrice = added(added(added(sealed, one), two), authority.lasting(key))
    seal, first, second, third = told_by_signature(thrice)
    assert {answer.dump() for answer in one.answers} <= first
    assert {answer.dump() for answer in two.answers} <= second and not third
    answers = {answer.dump() for answer in (*one.answers, *two.answers)}
    assert not seal & answers and not first & second & answers
    store = DocumentSecurityStore.read_dss(PdfFileReader(BytesIO(sealed)))
    assert {one.get_object().data for one in (*store.ocsps, *store.crls)} <= seal
    late = added(added(seal_pdf(plain, key, "", "", ""), one), two)
    seal, first, _last = told_by_signature(late)
    assert {answer.dump() for answer in one.answers} <= seal and seal <= first


def test_what_earlier_releases_added_holds_and_is_gone_on_with(
    sealed: bytes, key: SealKey, authority: Authority
) -> None:
    """Their tails did not say which answers are whose; the next one does, of all before it."""
    old = added(sealed, authority.lasting(key), tails.FORMS[0])
    assert b"/VRI" not in old and verify_pdf(old, [authority.root]).level == "B-LTA"
    new = added(old, authority.lasting(key))
    assert verify_pdf(new, [authority.root]).level == "B-LTA"
    assert pyhanko_says(new, authority) == AdESPassed.OK
    assert [bool(one) for one in told_by_signature(new)] == [True, True, False]
    other = new.replace(b"% lingnan.lasting/2 ", b"% lingnan.lasting/3 ")
    assert verify_pdf(other, [authority.root]).problem == "appended"


def test_pyhanko_agrees_of_one_stamped_later(
    plain: bytes, key: SealKey, authority: Authority
) -> None:
    """Its procedure for the long term knows no seal without a time-stamp of its own (0.3x: marked
    there as open); so its answers are asked one by one, at the moment of the document's stamp."""
    made = added(seal_pdf(plain, key, "", "", ""), authority.lasting(key))
    reader = PdfFileReader(BytesIO(made))
    seal, stamp = reader.embedded_signatures
    at = verify_pdf(made, [authority.root]).stamped_at
    store = DocumentSecurityStore.read_dss(reader)
    told = {"trust_roots": [authority.root], "allow_fetching": False, "moment": at,
            "revocation_mode": "require"}  # fmt: skip
    usage = KeyUsageConstraints(key_usage={"non_repudiation"})
    sealed = asyncio.run(
        async_validate_pdf_signature(
            seal, store.as_validation_context(told), key_usage_settings=usage
        )
    )
    stamped = asyncio.run(async_validate_pdf_timestamp(stamp, store.as_validation_context(told)))
    assert sealed.bottom_line and sealed.modification_level == ModificationLevel.LTA_UPDATES
    assert stamped.intact and stamped.valid and stamped.trusted and stamped.timestamp == at


def test_it_outlives_every_certificate_in_it(plain: bytes, authority: Authority) -> None:
    """Sealed two days ago by a certificate of a day, archived an hour later."""
    then = datetime.now(UTC) - timedelta(days=2)
    short = authority.seal(at=then, days=1)
    sealed = seal_pdf(plain, short, "", "", "", authority.lasting(short, then + timedelta(hours=1)))
    made = added(sealed, authority.lasting(short, then + timedelta(hours=2)))
    made = added(made, authority.lasting(short))
    assert not short.usable(datetime.now(UTC))
    assert verify_pdf(made, [authority.root]).level == "B-LTA"


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_any_changed_byte_of_a_tail_is_found(
    sealed: bytes, archived: bytes, authority: Authority, data: st.DataObject
) -> None:
    position = data.draw(st.integers(len(sealed), len(archived) - 1))
    broken = bytearray(archived)
    broken[position] ^= data.draw(st.integers(1, 255))
    assert verify_pdf(bytes(broken), [authority.root]).problem is not None


@pytest.mark.parametrize("change", [hide, annotate, loosen])
def test_nothing_else_may_follow_before_or_after(
    sealed: bytes, archived: bytes, key: SealKey, authority: Authority,
    change: Callable[[IncrementalPdfFileWriter], None],
) -> None:  # fmt: skip
    """Over the archived file; between seal and time-stamp; or the tail of another document."""
    over = later(archived, change)
    between = added(later(sealed, change), authority.lasting(key))
    for broken in (over, between, archived + b"%", archived + archived[len(sealed) :]):
        assert verify_pdf(broken, [authority.root]).problem == "appended"


def test_tails_that_are_not_ours(
    plain: bytes, sealed: bytes, key: SealKey, authority: Authority, tmp_path: Path
) -> None:
    """A stranger's time-stamp, one by a key that is no stamper's, answers about strangers, none,
    and one that is older than the one before it."""
    own, other = authority.lasting(key), Authority(tmp_path)
    stranger = other.lasting(other.seal())
    fake = replace(own, stamper=replace(own.stamper, certificate=key.certificate, key=key.key))
    early = authority.lasting(key, datetime.now(UTC) - timedelta(hours=1))
    for broken, problems in (
        (added(sealed, replace(stranger, certificates=(), answers=(), lists=())), {"untrusted"}),
        (added(sealed, stranger), {"untrusted", "appended"}),
        (added(sealed, fake), {"untrusted", "appended"}),
        (added(sealed, replace(own, answers=(*own.answers, *stranger.answers))), {"appended"}),
        (added(sealed, replace(own, certificates=stranger.certificates)), {"appended"}),
        (added(sealed, replace(own, answers=())), {"untrusted"}),
        (added(added(sealed, own), early), {"appended"}),
    ):  # fmt: skip
        assert verify_pdf(broken, [authority.root]).problem in problems


def test_there_are_so_many_tails_and_no_more(
    sealed: bytes, key: SealKey, authority: Authority
) -> None:
    """Reading each costs as much as all before it: what anybody may upload must have an end."""
    lasting, made = authority.lasting(key), sealed
    for _count in range(tails.MOST):
        made = added(made, lasting)
    assert verify_pdf(made, [authority.root]).level == "B-LTA"
    assert verify_pdf(added(made, lasting), [authority.root]).problem == "appended"


def test_a_document_with_more_objects_than_ours_gets_no_tail(sealed: bytes) -> None:
    before, size, rest = sealed.rpartition(b"/Size ")
    many = before + size + b"999" + rest
    with pytest.raises(tails.CannotLast, match="larger than our own"):
        tails.add(many, tails.Answers((), (), ()), lambda digest: b"")


def test_a_seal_that_was_revoked_before_it_was_stamped(plain: bytes, authority: Authority) -> None:
    gone = authority.seal()
    document = seal_pdf(plain, gone, "", "", "")
    authority.revoke(gone.certificate, Reason.KEY_COMPROMISE)
    report = verify_pdf(added(document, authority.lasting(gone)), [authority.root])
    assert report.problem == "revoked" and report.intact
