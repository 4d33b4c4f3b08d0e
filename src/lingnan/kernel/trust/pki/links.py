"""A root that another root vouches for (RFC 4210 §4.4): who trusts the one may trust the other."""

from datetime import UTC, datetime

from asn1crypto import x509

from lingnan.kernel.trust.keystore.keys import Algorithm, PublicKey
from lingnan.kernel.trust.keystore.pairs import verify


def holds(link: x509.Certificate, root: x509.Certificate, at: datetime | None = None) -> bool:
    """Whether a root has signed a link that certifies an authority's key, both in force now."""
    moment = at or datetime.now(UTC)
    in_time = all(one.not_valid_before <= moment <= one.not_valid_after for one in (link, root))
    return bool(in_time and link.ca and link.issuer == root.subject) and _signed(link, root)


def is_of(link: x509.Certificate, root: x509.Certificate) -> bool:
    """Whether a link certifies this root: the same name and key, and the root signed itself."""
    same = link.subject == root.subject and link.public_key.dump() == root.public_key.dump()
    return bool(same and root.subject == root.issuer and _signed(root, root))


def _signed(link: x509.Certificate, root: x509.Certificate) -> bool:
    sm2 = link["signature_algorithm"]["algorithm"].dotted == "1.2.156.10197.1.501"
    key = PublicKey(Algorithm.SM2 if sm2 else Algorithm.P256, root.public_key.dump())
    try:
        return bool(verify(key, link["tbs_certificate"].dump(), link["signature_value"].native))
    except (ValueError, TypeError):
        return False
