"""Sealing PDF documents (PAdES B-B, ETSI EN 319 142-1 §6.3) and checking seals, without network.

A seal is a certification signature that permits no change (ISO 32000-2 §12.8.2.2, P = 1).
"""

import asyncio
import io
import logging
from collections.abc import Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar

from asn1crypto import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.validation import KeyUsageConstraints, async_validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from .container import is_canonical
from .key import SealKey

Problem = Literal[
    "not_a_pdf", "no_signature", "changed", "appended", "unusual_container", "untrusted", "revoked"
]
T = TypeVar("T")
_FIELD = "Seal"
_SPARE = 900  # bytes of the signature container beside its certificates, generously
_HEADER_WITHIN = 1_024

for _name in ("pyhanko", "pyhanko_certvalidator"):
    # Their tracebacks of broken documents say nothing that the report does not say.
    if logging.getLogger(_name).level == logging.NOTSET:
        logging.getLogger(_name).setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class SealReport:
    """What checking a seal found; `problem` is None only when everything holds.

    `not_a_pdf` and `no_signature` say what the bytes are; `changed`: the content is not what was
    sealed; `appended`: something was added afterwards; `unusual_container`: the signature holds
    but its envelope is not as this software writes it (changed there, or made by other software);
    `untrusted`: intact, but sealed by nobody under the given roots; `revoked`: trusted once, but
    the certificate was taken back. `serial` is the signing certificate's, in hexadecimal.
    """

    intact: bool
    trusted: bool
    covers_whole_document: bool
    signer_name: str | None
    signed_at: datetime | None
    problem: Problem | None
    serial: str = ""

    @property
    def state(self) -> str:
        """What is known by the seal alone: genuine, revoked, foreign or altered."""
        if self.problem is None:
            return "genuine"
        if self.problem == "revoked":
            return "revoked"
        foreign = ("not_a_pdf", "no_signature", "untrusted")
        return "foreign" if self.problem in foreign else "altered"


class _LoadedSigner(signers.Signer):
    """Signs with a key that stays in its store."""

    def __init__(self, key: SealKey) -> None:
        store = SimpleCertificateStore()
        for above in key.chain:
            store.register(above)
        super().__init__(signing_cert=key.certificate, cert_registry=store)
        self._key = key.key

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        if digest_algorithm != "sha256":
            raise ValueError("Seals are made with SHA-256.")
        return self._key.sign(data)


def seal_pdf(pdf: bytes, key: SealKey, reason: str, location: str, contact: str) -> bytes:
    """The document with the body's seal over all of it; the certificate chain is embedded.

    Raises ValueError when the bytes are no PDF that can be sealed.
    """
    metadata = signers.PdfSignatureMetadata(
        field_name=_FIELD,
        md_algorithm="sha256",
        reason=reason,
        location=location,
        contact_info=contact,
        name=key.name,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        subfilter=fields.SigSeedSubFilter.PADES,
    )
    signer = signers.PdfSigner(metadata, signer=_LoadedSigner(key))
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        sealed = _finish(
            signer.async_sign_pdf(writer, bytes_reserved=_reserved(key), output=io.BytesIO())
        )
    except Exception as problem:  # the library fails in many ways on documents it cannot read
        raise ValueError(f"This document cannot be sealed: {problem}") from problem
    return sealed.getvalue()


def verify_pdf(pdf: bytes, trust_roots: Iterable[x509.Certificate]) -> SealReport:
    """Check the seal of a document; never raises, whatever the bytes are.

    The seal certificate must have been valid at the moment of sealing that the seal itself states
    (B-B has no time-stamp of a third party); a moment in the future counts as now.
    """
    if b"%PDF-" not in pdf[:_HEADER_WITHIN]:
        return _report("not_a_pdf")
    try:
        signatures = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    except Exception:  # the reader fails in many ways on what it cannot read
        return _report("changed" if b"/ByteRange" in pdf else "not_a_pdf")
    if not signatures:
        return _report("changed" if b"/ByteRange" in pdf else "no_signature")
    try:
        return _check(pdf, signatures, list(trust_roots))
    except Exception:  # as above
        return _report("changed")


def _check(
    pdf: bytes, signatures: list[EmbeddedPdfSignature], roots: list[x509.Certificate]
) -> SealReport:
    signature, now = signatures[0], datetime.now(UTC)
    signed_at = signature.self_reported_timestamp
    moment = min(signed_at, now) if signed_at else now
    context = ValidationContext(
        trust_roots=roots, allow_fetching=False, moment=moment, revocation_mode="soft-fail"
    )
    # The certificate's own rule: content commitment, which is called non-repudiation in X.509.
    usage = KeyUsageConstraints(key_usage={"non_repudiation"})
    status = _finish(
        async_validate_pdf_signature(signature, context, key_usage_settings=usage, skip_diff=True)
    )
    whole = len(signatures) == 1 and _covers_all(pdf, signature)
    intact, trusted = bool(status.intact and status.valid), bool(status.trusted)
    problem: Problem | None = None
    if not intact:
        problem = "changed"
    elif not whole:
        problem = "appended"
    elif not is_canonical(pdf, signature.byte_range, _above(status) if trusted else None):
        problem = "unusual_container"
    elif not trusted:
        problem = "untrusted"
    own = status.signing_cert
    name, serial = own.subject.native.get("common_name"), f"{own.serial_number:x}"
    whole_and_sound = intact and problem in (None, "untrusted")
    return SealReport(whole_and_sound, trusted, whole, name, signed_at, problem, serial)


def _above(status: Any) -> list[x509.Certificate]:
    """The certificates of the path by which the seal is trusted."""
    return list(status.validation_path.iter_certs(include_root=True))


def _covers_all(pdf: bytes, signature: EmbeddedPdfSignature) -> bool:
    """Whether the signed ranges are the file from its first to its last byte, but the container."""
    start, before, after, rest = (int(number) for number in signature.byte_range)
    return start == 0 and 0 < before < after and after + rest == len(pdf)


def _report(problem: Problem) -> SealReport:
    return SealReport(False, False, False, None, None, problem)


def _reserved(key: SealKey) -> int:
    """Hexadecimal digits kept free for the signature container."""
    carried = (key.certificate, *key.chain)
    return 2 * (sum(len(certificate.dump()) for certificate in carried) + _SPARE)


def _finish(work: Coroutine[Any, Any, T]) -> T:
    """Run the library's coroutines to their end, inside an event loop's thread too."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()
