"""Whether a certificate of a bundle leads to a root, for its purpose, at a moment."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from asn1crypto import x509
from pyhanko_certvalidator import CertificateValidator, ValidationContext

from lingnan.kernel.trust.pki import profiles
from lingnan.kernel.trust.seal.running import finish

SEALS = frozenset({"non_repudiation"})
SIGNS = frozenset({"digital_signature"})


def path(
    certificate: x509.Certificate,
    others: Iterable[x509.Certificate],
    roots: Sequence[x509.Certificate],
    at: datetime,
    usage: frozenset[str],
    purposes: frozenset[str] = frozenset(),
    told: tuple[Sequence[Any], Sequence[Any]] | None = None,
) -> list[x509.Certificate]:
    """From the certificate up to the root; empty where there is none. Nothing is fetched. `told`
    are answers and lists about revocation, which must then speak of every certificate; without them
    nothing is asked."""
    context = ValidationContext(
        trust_roots=list(roots),
        allow_fetching=False,
        moment=at,
        revocation_mode="require" if told else "soft-fail",
        ocsps=told[0] if told else (),
        crls=told[1] if told else (),
    )
    validator = CertificateValidator(certificate, list(others), validation_context=context)
    try:
        found = finish(validator.async_validate_usage(set(usage), set(purposes)))
    except Exception:  # the library fails in many ways on certificates of any kind
        return []
    return list(reversed(list(found.iter_certs(include_root=True))))


def is_log_signer(certificate: x509.Certificate) -> bool:
    """Whether it is a certificate that signs nothing but checkpoints (`profiles.LOG`)."""
    usage, purposes = certificate.key_usage_value, certificate.extended_key_usage_value
    return (
        purposes is not None
        and purposes.native == [profiles.LOG_HEADS]
        and not certificate.ca
        and usage is not None
        and usage.native == SIGNS
    )
