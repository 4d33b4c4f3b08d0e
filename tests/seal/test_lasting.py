"""Seals that outlive their certificates (PAdES B-LT), and what others do to a sealed document."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import cms
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.dss import DocumentSecurityStore

from lingnan.kernel.trust.pki.revoking import Reason
from lingnan.kernel.trust.seal import container
from lingnan.kernel.trust.seal.api import SealKey, seal_many, seal_pdf, verify_pdf
from tests.seal.authority import Authority
from tests.seal.test_seal import authority, byte_range, key, plain

__all__ = ["authority", "key", "plain"]


@pytest.fixture(scope="module")
def sealed(plain: bytes, key: SealKey, authority: Authority) -> bytes:
    return seal_pdf(plain, key, "签发证照", "广州", "12345", authority.lasting(key))


def test_every_question_is_answered(sealed: bytes, authority: Authority) -> None:
    report = verify_pdf(sealed, [authority.root])
    assert report.problem is None and report.level == "B-LT" and report.stamped_at
    assert [one.code for one in report.checks if one.outcome != "passed"] == ["lasting"]
    assert len(report.checks) == 13
    assert abs(report.stamped_at - datetime.now(UTC)) < timedelta(minutes=5)
    (issuer,) = (check for check in report.checks if check.code == "issuer")
    assert issuer.told["path"].endswith("Lingnan demonstration city ← Lingnan demonstration root")


def test_the_seal_of_a_certificate_that_has_ended(plain: bytes, authority: Authority) -> None:
    """Valid when it was stamped: two days ago; its certificate lasted one."""
    then = datetime.now(UTC) - timedelta(days=2)
    ended = authority.seal(at=then, days=1)
    lasting = authority.lasting(ended, at=then + timedelta(hours=1))
    document = seal_pdf(plain, ended, "", "", "", lasting)
    assert not ended.usable(datetime.now(UTC))
    report = verify_pdf(document, [authority.root])
    assert report.problem is None and report.stamped_at == then + timedelta(hours=1)


def test_the_seal_of_a_certificate_that_was_revoked_before(
    plain: bytes, authority: Authority
) -> None:
    gone = authority.seal()
    authority.revoke(gone.certificate, Reason.KEY_COMPROMISE)
    report = verify_pdf(
        seal_pdf(plain, gone, "", "", "", authority.lasting(gone)), [authority.root]
    )
    assert report.problem == "revoked" and report.intact and not report.trusted
    assert [one.code for one in report.checks if one.outcome == "failed"] == ["not_revoked"]


def test_answers_must_be_about_that_day(plain: bytes, authority: Authority) -> None:
    """An answer from a week before the stamp says nothing of the moment of the stamp."""
    key = authority.seal(at=datetime.now(UTC) - timedelta(days=8))
    early = authority.lasting(key, at=datetime.now(UTC) - timedelta(days=7))
    mixed = replace(early, stamper=authority.lasting(key).stamper)
    assert verify_pdf(seal_pdf(plain, key, "", "", "", mixed), [authority.root]).problem


def test_many_documents_with_one_fetching(plain: bytes, authority: Authority) -> None:
    key = authority.seal()
    made = list(seal_many([plain] * 3, key, "", "", "", authority.lasting(key)))
    assert len(set(made)) == 3
    assert all(verify_pdf(one, [authority.root]).level == "B-LT" for one in made)


def test_without_the_root_it_is_foreign(sealed: bytes, tmp_path: Path) -> None:
    report = verify_pdf(sealed, [Authority(tmp_path).root])
    assert report.problem == "untrusted" and report.intact and report.stamped_at is None


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_changed_byte_is_found(
    sealed: bytes, authority: Authority, data: st.DataObject
) -> None:
    """Half of the tries fall into the container, where the time-stamp lies."""
    _, start, end, _ = byte_range(sealed)
    position = data.draw(st.integers(0, len(sealed) - 1) | st.integers(start, end - 1))
    broken = bytearray(sealed)
    broken[position] ^= data.draw(st.integers(1, 255))
    assert verify_pdf(bytes(broken), [authority.root]).problem is not None


def envelope(pdf: bytes) -> cms.ContentInfo:
    _, start, end, _ = byte_range(pdf)
    return cms.ContentInfo.load(bytes.fromhex(pdf[start + 1 : end - 1].decode()))


def enveloped(pdf: bytes, data: bytes) -> bytes:
    _, start, end, _ = byte_range(pdf)
    digits = data.hex().upper().encode().ljust(end - start - 2, b"0")
    return pdf[: start + 1] + digits + pdf[end - 1 :]


def stamped_anew(pdf: bytes, key: SealKey, stamp: bytes) -> bytes:
    (signer,) = envelope(pdf)["content"]["signer_infos"]
    signed = signer["signed_attrs"].untag().dump()
    chain = (key.certificate, *key.chain)
    return enveloped(pdf, container.write(signed, signer["signature"].native, chain, stamp))


def signature_digest(pdf: bytes) -> bytes:
    (signer,) = envelope(pdf)["content"]["signer_infos"]
    return hashlib.sha256(signer["signature"].native).digest()


def test_time_stamps_that_are_not_its_own(
    plain: bytes, sealed: bytes, key: SealKey, authority: Authority, tmp_path: Path
) -> None:
    """Taken out, another seal's, of a stranger, by a key that is no stamper's."""
    digest, stranger = signature_digest(sealed), Authority(tmp_path).stamper()
    other = seal_pdf(plain, key, "", "", "", authority.lasting(key))
    fake = replace(authority.stamper(), certificate=key.certificate, key=key.key)
    for stamp, problem in (
        (b"", "changed"),
        (authority.stamper().stamp(signature_digest(other)), "changed"),
        (stranger.stamp(digest), "untrusted"),
        (fake.stamp(digest), "untrusted"),
        # The document answers for its own stamper, for no other.
        (authority.stamper().stamp(digest), "untrusted"),
    ):
        broken = stamped_anew(sealed, key, stamp)
        report = verify_pdf(broken, [authority.root])
        assert report.problem == problem and report.stamped_at is None


def test_more_in_the_envelope_than_there_may_be(
    sealed: bytes, key: SealKey, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second time-stamp, an attribute of another kind, the certificate of a stranger."""
    stamp = authority.stamper().stamp(signature_digest(sealed))
    stranger = replace(key, chain=(*key.chain, authority.stamper().certificate))
    broken = [stamped_anew(sealed, key, stamp * 2), stamped_anew(sealed, stranger, stamp)]
    monkeypatch.setattr(container, "_STAMPED", bytes.fromhex("06032a0304"))
    broken.append(stamped_anew(sealed, key, stamp))
    monkeypatch.undo()
    for one in broken:
        assert verify_pdf(one, [authority.root]).problem is not None


def later(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    writer, output = IncrementalPdfFileWriter(BytesIO(pdf)), BytesIO()
    change(writer)
    writer.write(output)
    return output.getvalue()


def hide(writer: IncrementalPdfFileWriter) -> None:
    """Show other content than was sealed (shadow attack: replace)."""
    page = writer.root["/Pages"]["/Kids"][0]
    page[pdf_name("/Contents")] = ArrayObject()
    writer.update_container(page)


def annotate(writer: IncrementalPdfFileWriter) -> None:
    """Lay a note over the sealed page (evil annotation attack)."""
    page = writer.root["/Pages"]["/Kids"][0]
    note = DictionaryObject({
        pdf_name("/Type"): pdf_name("/Annot"),
        pdf_name("/Subtype"): pdf_name("/FreeText"),
        pdf_name("/Rect"): ArrayObject(),
        pdf_name("/Contents"): pdf_string("已批准"),
    })  # fmt: skip
    page[pdf_name("/Annots")] = ArrayObject([writer.add_object(note)])
    writer.update_container(page)


def loosen(writer: IncrementalPdfFileWriter) -> None:
    """Take the ban on changes out of the catalogue."""
    del writer.root["/Perms"]
    writer.update_root()


@pytest.mark.parametrize("change", [hide, annotate, loosen])
def test_a_revision_over_the_seal(
    sealed: bytes, authority: Authority, change: Callable[[IncrementalPdfFileWriter], None]
) -> None:
    assert verify_pdf(later(sealed, change), [authority.root]).problem == "appended"


def test_answers_put_in_later(sealed: bytes, key: SealKey, authority: Authority) -> None:
    """What standard tools allow above any seal; ours needs none and has none."""
    output = BytesIO(sealed)
    DocumentSecurityStore.add_dss(output, None, ocsps=authority.lasting(key).answers)
    assert len(output.getvalue()) > len(sealed)
    assert verify_pdf(output.getvalue(), [authority.root]).problem == "appended"


def test_answers_exchanged(plain: bytes, sealed: bytes, key: SealKey, authority: Authority) -> None:
    """The answers lie under the seal: those of another document do not fit."""
    answer = authority.lasting(key).answers[0].dump()
    own = next(one.get_object().data for one in stored(sealed).ocsps)
    at = sealed.find(own)
    if at < 0:
        pytest.fail("the answers are stored as they are")
    broken = sealed[:at] + answer[: len(own)].ljust(len(own), b"\0") + sealed[at + len(own) :]
    assert verify_pdf(broken, [authority.root]).problem == "changed"


def stored(pdf: bytes) -> DocumentSecurityStore:
    return DocumentSecurityStore.read_dss(PdfFileReader(BytesIO(pdf)))


def test_signature_wrapping(sealed: bytes, authority: Authority) -> None:
    """The signed tail is moved behind content of a stranger, and the range told anew or not."""
    _, start, end, rest = byte_range(sealed)
    evil = b"\n99 0 obj\n<</Type/Page>>\nendobj\n"
    moved = sealed[:end] + evil + sealed[end:]
    told = re.sub(
        rb"/ByteRange \[\d+ \d+ \d+ \d+\s*\]",
        f"/ByteRange [0 {start} {end + len(evil)} {rest}]".encode(),
        moved,
    )
    inside = sealed[: end - 1] + evil + sealed[end - 1 :]
    for broken in (moved, told, inside):
        assert verify_pdf(broken, [authority.root]).problem is not None


def test_two_ranges_and_another_table(sealed: bytes, authority: Authority) -> None:
    """A second /ByteRange beside the first; a table of places that leads elsewhere."""
    doubled = sealed.replace(b"/ByteRange [", b"/ByteRange [0 1 2 3]/ByteRange [", 1)
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1>>\nstartxref\n%d\n%%%%EOF\n"
    other = sealed + table % len(sealed)
    start = sealed.rindex(b"startxref") + 10
    led = sealed[:start] + b"0" + sealed[start + 1 :]
    for broken in (doubled, other, led):
        assert verify_pdf(broken, [authority.root]).problem is not None
