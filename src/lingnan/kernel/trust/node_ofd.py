"""OFD documents of this node's bodies: each seals by an SM2 key, which the province certifies."""

from dataclasses import replace

from lingnan.kernel.trust import node_seals
from lingnan.kernel.trust.certification import authorities, register
from lingnan.kernel.trust.models import Body
from lingnan.kernel.trust.ofd.api import CONTENT_TYPE, OfdReport, is_ofd, seal_ofd, verify_ofd
from lingnan.kernel.trust.pki import profiles
from lingnan.kernel.trust.seal.api import SealKey
from lingnan.standards.ofd import Document

__all__ = ["CONTENT_TYPE", "Document", "OfdReport", "is_ofd", "seal", "verify"]


def seal(document: Document, body: Body) -> bytes:
    """The document under the body's SM2 seal. The key and its certificate are made at first need,
    in the evidence as every certificate. Raises `KeyStoreUnavailable`, `EvidenceUnavailable`."""
    # A path of three: who makes the seal also certifies its key (`ofd.links`).
    authority = authorities.newest(authorities.SM2 + authorities.PROVINCE)
    found = register.kept_for(body.code, node_seals.name_of(body), profiles.SEAL, authority)
    key = SealKey(found.certificate, found.key, found.chain)
    return seal_ofd(document, key, authorities.issuer(found.authority))


def verify(data: bytes) -> OfdReport:
    """A document as this node judges it: under its own SM2 root, and by its register."""
    # A stranger's file is no need for which a root is made.
    labels = [one for one in authorities.labels() if authorities.is_root(one)]
    roots = [authorities.issuer(one).certificate for one in labels
             if one.startswith(authorities.SM2)]  # fmt: skip
    report = verify_ofd(data, roots)
    if not report.genuine or report.signed_at is None:
        return report
    taken = node_seals.taken_back(report.serial, report.signed_at, proven=False)
    checks = tuple(node_seals.by_register(check, taken) for check in report.checks)
    return replace(report, checks=checks)
