"""Sealing PDF documents (PAdES B-B and B-LT, ETSI EN 319 142-1 §6.3), without network.

A seal is a certification signature that permits no change (ISO 32000-2 §12.8.2.2, P = 1).
"""

import hashlib
import io
from datetime import UTC, datetime

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields
from pyhanko.sign.signers import cms_embedder
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from lingnan.kernel.trust.keystore.keys import KeyStoreUnavailable

from . import container
from .key import SealKey
from .lasting import Lasting

_FIELD = "Seal"
_SPARE = 900  # bytes of the signature container beside its certificates, generously


def seal_pdf(
    pdf: bytes,
    key: SealKey,
    reason: str,
    location: str,
    contact: str,
    lasting: Lasting | None = None,
) -> bytes:
    """The document with the body's seal over all of it; the certificate chain is embedded. With
    `lasting` the seal is B-LT, without B-B.

    Raises ValueError when the bytes are no PDF that can be sealed, `KeyStoreUnavailable`, and
    `StampUnavailable`.
    """
    try:
        return _sealed(pdf, key, (reason, location, contact), lasting)
    except KeyStoreUnavailable:
        raise
    except Exception as problem:  # the library fails in many ways on documents it cannot read
        raise ValueError(f"This document cannot be sealed: {problem}") from problem


def _sealed(
    pdf: bytes, key: SealKey, words: tuple[str, str, str], lasting: Lasting | None
) -> bytes:
    reason, location, contact = words
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    if lasting:
        lasting.store_in(writer)
    placing = cms_embedder.PdfCMSEmbedder().write_cms(_FIELD, writer)
    next(placing)
    placeholder = SignatureObject(
        timestamp=datetime.now(UTC),
        subfilter=fields.SigSeedSubFilter.PADES,
        bytes_reserved=_reserved(key, lasting),
        name=key.name,
        reason=reason,
        location=location,
        contact_info=contact,
    )
    permissions = cms_embedder.SigMDPSetup(
        md_algorithm="sha256", certify=True, docmdp_perms=fields.MDPPerm.NO_CHANGES
    )
    placing.send(cms_embedder.SigObjSetup(placeholder, mdp_setup=permissions))
    output = io.BytesIO()
    prepared, _ = placing.send(cms_embedder.SigIOSetup("sha256", output=output))
    placing.send(_envelope(prepared.document_digest, key, lasting))
    return output.getvalue()


def _envelope(digest: bytes, key: SealKey, lasting: Lasting | None) -> bytes:
    signed = container.attributes(digest, key.certificate)
    signature = key.key.sign(signed)
    stamp = lasting.stamp(hashlib.sha256(signature).digest()) if lasting else b""
    return container.write(signed, signature, (key.certificate, *key.chain), stamp)


def _reserved(key: SealKey, lasting: Lasting | None) -> int:
    """Hexadecimal digits kept free for the signature container."""
    carried = (key.certificate, *key.chain)
    size = sum(len(certificate.dump()) for certificate in carried) + _SPARE
    return 2 * (size + (lasting.size if lasting else 0))
