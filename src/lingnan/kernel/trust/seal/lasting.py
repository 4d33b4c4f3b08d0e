"""What lets a seal outlive its certificate: a time-stamp, and who vouched that day (PAdES B-LT).

The answers about revocation lie in the document security store (ISO 32000-2 §12.8.4.3) of the
very revision that is sealed: the seal covers them, and nothing is ever appended to a document.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from asn1crypto import crl, ocsp, x509

from lingnan.kernel.trust.keystore.keys import KeyStoreUnavailable
from lingnan.kernel.trust.stamps.answering import Stamper

if TYPE_CHECKING:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter


class StampUnavailable(KeyStoreUnavailable):
    """No time-stamp can be had now."""


@dataclass(frozen=True, eq=False)
class Lasting:
    """`answers` and `lists` say of every certificate below the root, also the stamper's, that it
    holds; `certificates` are those above them and the stamper's own."""

    stamper: Stamper
    certificates: tuple[x509.Certificate, ...]
    answers: tuple[ocsp.OCSPResponse, ...]
    lists: tuple[crl.CertificateList, ...]

    @property
    def size(self) -> int:
        """Bytes of its time-stamp in a seal, generously."""
        carried = (self.stamper.certificate, *self.stamper.chain)
        return sum(len(certificate.dump()) for certificate in carried) + 1_200

    def store_in(self, writer: IncrementalPdfFileWriter) -> None:
        from pyhanko.sign.validation.dss import DocumentSecurityStore

        DocumentSecurityStore.supply_dss_in_writer(
            writer,
            None,
            certs=self.certificates,
            ocsps=self.answers,
            crls=self.lists,
        )

    def stamp(self, digest: bytes) -> bytes:
        """A time-stamp token over a SHA-256. Raises `StampUnavailable`."""
        try:
            return self.stamper.stamp(digest)
        except KeyStoreUnavailable as problem:
            raise StampUnavailable("The time-stamping key cannot be used.") from problem


def carried(pdf: bytes) -> bool:
    """Whether a document of ours was sealed with a time-stamp: then, and only then, its answers
    are in its store. What its pages say is no sign of it. Of what cannot be read: no."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        return "/DSS" in PdfFileReader(io.BytesIO(pdf)).root
    except Exception:  # the reader fails in many ways on what it cannot read
        return False
