"""From a body's SM2 certificate up to a root, link by link (RFC 5280 §6.1).

The verifiers of the libraries at hand know no SM2. A path here is exactly three long: the body, the
authority that also made the seal, the root; what does not fit is refused, never guessed.
"""

from collections.abc import Iterable
from datetime import datetime

from asn1crypto import x509

from lingnan.kernel.trust.keystore import sm2
from lingnan.kernel.trust.pki import profiles

from .asn1 import SM2_SM3

_CURVE = "1.2.156.10197.1.301"
_KNOWN = frozenset({"basic_constraints", "key_usage", "extended_key_usage", "key_identifier",
                    "authority_key_identifier", "authority_information_access",
                    "crl_distribution_points"})  # fmt: skip


def load(data: bytes) -> x509.Certificate:
    """A certificate with a key on the SM2 curve, signed with SM2, each extension known and there
    once. Raises ValueError, also for what cannot be read."""
    found = x509.Certificate.load(data, strict=True)
    told = found["tbs_certificate"]
    ways = {found["signature_algorithm"].dump(), told["signature"].dump()}
    key = found.public_key
    curve = key["algorithm"]["parameters"].chosen
    if len(ways) != 1 or found["signature_algorithm"]["algorithm"].dotted != SM2_SM3:
        raise ValueError("not signed with SM2")
    if key.algorithm != "ec" or getattr(curve, "dotted", "") != _CURVE:
        raise ValueError("not a key of SM2")
    kinds = [one["extn_id"].native for one in told["extensions"]]
    if len(set(kinds)) != len(kinds) or not set(kinds) <= _KNOWN:
        raise ValueError("extensions that are not known here")
    return found


def root_of(
    own: x509.Certificate, above: x509.Certificate, roots: Iterable[x509.Certificate]
) -> x509.Certificate | None:
    """The root above the authority above the certificate; None where a link does not hold."""
    if not _is_authority(above, 0) or own.ca or not issued(above, own):
        return None
    for root in roots:
        if _is_root(root) and issued(root, above):
            return root
    return None


def issued(above: x509.Certificate, below: x509.Certificate) -> bool:
    """Whether one names the other as its issuer and its key signed it."""
    named = below.issuer.dump() == above.subject.dump()
    by = below.authority_key_identifier
    keyed = by is None or by == above.key_identifier
    return named and keyed and _signed(above, below)


def may_seal(certificate: x509.Certificate) -> bool:
    """Whether it is one for committing to documents (`profiles.SEAL`)."""
    usage, purposes = certificate.key_usage_value, certificate.extended_key_usage_value
    return (
        not certificate.ca
        and usage is not None
        and "non_repudiation" in usage.native
        and purposes is not None
        and profiles.DOCUMENT_SIGNING in {one.dotted for one in purposes}
    )


def in_time(certificate: x509.Certificate, at: datetime) -> bool:
    return bool(certificate.not_valid_before <= at <= certificate.not_valid_after)


def _is_root(root: x509.Certificate) -> bool:
    try:
        return _is_authority(load(root.dump()), 1) and issued(root, root)
    except Exception:  # roots of other kinds are given, too
        return False


def _is_authority(certificate: x509.Certificate, least: int) -> bool:
    """Whether it may sign certificates, with at least so many authorities below it."""
    room, usage = certificate.max_path_length, certificate.key_usage_value
    fit = usage is not None and "key_cert_sign" in usage.native
    return bool(certificate.ca) and fit and (room is None or room >= least)


def _signed(above: x509.Certificate, below: x509.Certificate) -> bool:
    content = below["tbs_certificate"].dump()
    return sm2.verify(above.public_key.dump(), content, below["signature_value"].native)
