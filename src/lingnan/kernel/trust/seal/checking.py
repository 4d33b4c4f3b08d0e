"""Checking the seal of a PDF document, without network and without anybody's register."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from asn1crypto import cms, tsp, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import KeyUsageConstraints, async_validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import ValidationContext

from lingnan.kernel.trust import clocks

from . import appended, findings
from .appended import Archived
from .container import Expected, is_canonical
from .report import Problem, SealReport
from .running import finish

_HEADER_WITHIN = 1_024


@dataclass(frozen=True, slots=True)
class _Proof:
    """What a document carries beside its seal; `at` is what its time-stamp tells, unproven."""

    at: datetime
    answers: tuple[Any, ...]
    lists: tuple[Any, ...]


def verify_pdf(pdf: bytes, trust_roots: Iterable[x509.Certificate]) -> SealReport:
    """Check the seal of a document; never raises, whatever the bytes are.

    A seal with a time-stamp must have held when it was stamped, by the answers about revocation
    that it covers. One without must have held when it says that it was made; a moment in the
    future counts as now.
    """
    if b"%PDF-" not in pdf[:_HEADER_WITHIN]:
        return _report("not_a_pdf")
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        signatures = reader.embedded_signatures
    except Exception:  # the reader fails in many ways on what it cannot read
        return _report("changed" if b"/ByteRange" in pdf else "not_a_pdf")
    if not signatures:
        return _report("changed" if b"/ByteRange" in pdf else "no_signature")
    try:
        return _check(pdf, reader, signatures, list(trust_roots))
    except Exception:  # as above
        return _report("changed")


def _check(
    pdf: bytes,
    reader: PdfFileReader,
    signatures: list[EmbeddedPdfSignature],
    roots: list[x509.Certificate],
) -> SealReport:
    sealed, later = _apart(pdf, signatures[0], roots)
    if later:
        reader = PdfFileReader(io.BytesIO(sealed))
        signatures = reader.embedded_signatures
    signature, now = signatures[0], datetime.now(UTC)
    own = _proof(reader, signature)
    proof = own or _later(later)
    said = signature.self_reported_timestamp
    # A little ahead is borne, and then it is that moment of which the answers speak.
    moment = min(said or now, now) if proof is None else proof.at
    moment = now if clocks.ahead(moment, now) else moment
    status = _status(signature, roots, moment, proof)
    stamp = status.timestamp_validity if own else None
    whole = len(signatures) == 1 and later is not None and _covers_all(sealed, signature)
    intact, trusted = bool(status.intact and status.valid), bool(status.trusted)
    believed = bool(stamp and stamp.intact and stamp.valid and stamp.trusted)
    expected = Expected(
        own is not None,
        _above(status) if trusted else None,
        _above(stamp) if believed else None,
    )
    latest = max(one for one in (proof.at if proof else said or now, *_times(later)))
    by: Any = stamp or (later[0] if later else None)
    problem: Problem | None = None
    if not intact or (stamp and not (stamp.intact and stamp.valid)):
        problem = "changed"
    elif not whole:
        problem = "appended"
    elif not is_canonical(sealed, signature.byte_range, expected):
        problem = "unusual_container"
    elif clocks.ahead(latest, now):
        problem = "ahead"
    elif not trusted or (stamp and not believed) or not all(one.trusted for one in later or ()):
        problem = "revoked" if findings.of_trust(status) == "not_revoked" else "untrusted"
    signer = status.signing_cert
    believed = believed or bool(by and not stamp and by.trusted)
    return SealReport(
        intact=intact and problem in (None, "ahead", "untrusted", "revoked"),
        trusted=trusted and problem not in ("ahead", "untrusted", "revoked"),
        covers_whole_document=whole,
        signer_name=signer.subject.native.get("common_name"),
        signed_at=moment if proof else said,
        problem=problem,
        serial=f"{signer.serial_number:x}",
        stamped_at=proof.at if proof and believed else None,
        stamped_by=f"{by.signing_cert.serial_number:x}" if by and believed else "",
        lasts_until=later[-1].until if later and appended.unbroken(later) else None,
        checks=findings.found(problem, status, by, moment, latest, later or []),
    )


def _apart(
    pdf: bytes, signature: EmbeddedPdfSignature, roots: list[x509.Certificate]
) -> tuple[bytes, list[Archived] | None]:
    """The document as it was sealed, and the time-stamps behind it; None where anything else is
    there."""
    _start, _before, after, rest = (int(number) for number in signature.byte_range)
    carried = signature.signed_data["certificates"]
    try:
        own = [choice.chosen for choice in carried]
        return pdf[: after + rest], appended.read(pdf, after + rest, own, roots)
    except appended.NotOurs:
        return pdf, None


def _later(later: list[Archived] | None) -> _Proof | None:
    """Of a seal without a time-stamp the first behind it, with the answers that came with it."""
    return _Proof(later[0].at, later[0].answers, later[0].lists) if later else None


def _times(later: list[Archived] | None) -> list[datetime]:
    return [one.at for one in later or ()]


def _proof(reader: PdfFileReader, signature: EmbeddedPdfSignature) -> _Proof | None:
    """None of a seal that carries neither answers nor time-stamp; one of them alone is a fault."""
    stamp = _stamp(signature)
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        if stamp is not None:
            raise
        return None
    if stamp is None:
        raise ValueError("The time-stamp was taken out.")
    told: tsp.TSTInfo = stamp["encap_content_info"]["content"].parsed
    return _Proof(
        told["gen_time"].native,
        tuple(one.get_object().data for one in store.ocsps),
        tuple(one.get_object().data for one in store.crls),
    )


def _stamp(signature: EmbeddedPdfSignature) -> cms.SignedData | None:
    for attribute in signature.signer_info["unsigned_attrs"]:
        if attribute["type"].native == "signature_time_stamp_token":
            return attribute["values"][0]["content"]
    return None


def _status(
    signature: EmbeddedPdfSignature,
    roots: list[x509.Certificate],
    moment: datetime,
    proof: _Proof | None,
) -> Any:
    def context() -> ValidationContext:
        return ValidationContext(
            trust_roots=roots,
            allow_fetching=False,
            moment=moment,
            revocation_mode="require" if proof else "soft-fail",
            ocsps=proof.answers if proof else (),
            crls=proof.lists if proof else (),
        )

    # The certificate's own rule: content commitment, which is called non-repudiation in X.509.
    usage = KeyUsageConstraints(key_usage={"non_repudiation"})
    return finish(
        async_validate_pdf_signature(
            signature, context(), context(), key_usage_settings=usage, skip_diff=True
        )
    )


def _above(status: Any) -> list[x509.Certificate]:
    """The certificates of the path by which something is trusted."""
    return list(status.validation_path.iter_certs(include_root=True))


def _covers_all(pdf: bytes, signature: EmbeddedPdfSignature) -> bool:
    """Whether the signed ranges are the file from its first to its last byte, but the container."""
    start, before, after, rest = (int(number) for number in signature.byte_range)
    return start == 0 and 0 < before < after and after + rest == len(pdf)


def _report(problem: Problem) -> SealReport:
    checks = findings.found(problem, None, None, None)
    return SealReport(False, False, False, None, None, problem, checks=checks)
