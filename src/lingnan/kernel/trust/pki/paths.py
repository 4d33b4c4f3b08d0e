"""Whether a certificate may be trusted for a purpose at a moment (RFC 5280 §6).

Paths are built and checked by cryptography's verifier, from the certificates given and nothing
else: nothing is fetched. What it leaves open is stricter here: see `extensions`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from cryptography import x509
from cryptography.x509 import verification
from cryptography.x509.oid import ExtendedKeyUsageOID

from . import extensions, lists, profiles
from .refusals import Refused
from .strength import weakness

MOST_INTERMEDIATES = 8
_PURPOSES = {
    "server": ExtendedKeyUsageOID.SERVER_AUTH,
    "client": ExtendedKeyUsageOID.CLIENT_AUTH,
    "document": x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36"),
    "time_stamp": ExtendedKeyUsageOID.TIME_STAMPING,
    "status": ExtendedKeyUsageOID.OCSP_SIGNING,
    "log": x509.ObjectIdentifier(profiles.LOG_HEADS),
    "witness": x509.ObjectIdentifier(profiles.WITNESSING),
    "consent": x509.ObjectIdentifier(profiles.CONSENTING),
    "power": x509.ObjectIdentifier(profiles.EMPOWERING),
    "message": x509.ObjectIdentifier(profiles.MESSAGING),
    "directory": x509.ObjectIdentifier(profiles.NAMING),
}


@dataclass(frozen=True, slots=True)
class Trust:
    """What is believed: roots, a moment (system time unless a time-stamp proves another), and
    revocation lists. `told` asks for a list about every certificate below a root."""

    roots: tuple[x509.Certificate, ...]
    at: datetime
    lists: tuple[x509.CertificateRevocationList, ...] = ()
    told: bool = False


def path(
    certificate: x509.Certificate,
    others: Sequence[x509.Certificate],
    trust: Trust,
    purpose: str,
    host: str | None = None,
    most: int = MOST_INTERMEDIATES,
) -> list[x509.Certificate]:
    """The path from the certificate up to a root, both included.

    `purpose` is server, client, document, time_stamp, status, log, witness, consent, power,
    message or directory; `host` (a DNS name or an IP address) belongs to server. `most` is how many
    authorities may stand between. Raises `Refused`.
    """
    for one in (certificate, *others, *trust.roots):
        weak = weakness(one)
        if weak and one is certificate:
            raise Refused("weak", weak)
    _in_time(certificate, trust.at)
    found = _built(certificate, others, trust, purpose, host, most)
    for below, above in pairwise(found):
        lists.check(below, above, trust.lists, trust.at, trust.told)
    return found


def _in_time(certificate: x509.Certificate, at: datetime) -> None:
    if at < certificate.not_valid_before_utc:
        raise Refused("early", certificate.not_valid_before_utc.isoformat())
    # Certificates tell whole seconds, and the last one is valid to its end.
    if at.replace(microsecond=0) > certificate.not_valid_after_utc:
        raise Refused("expired", certificate.not_valid_after_utc.isoformat())


def _built(
    certificate: x509.Certificate,
    others: Iterable[x509.Certificate],
    trust: Trust,
    purpose: str,
    host: str | None,
    most: int,
) -> list[x509.Certificate]:
    strong = [one for one in others if not weakness(one)]
    roots = [one for one in trust.roots if not weakness(one)]
    if not roots:
        raise Refused("untrusted", "no root")
    builder = (
        verification.PolicyBuilder()
        .store(verification.Store(roots))
        .time(trust.at.astimezone(UTC).replace(tzinfo=None))
        .max_chain_depth(most)
        .extension_policies(
            ca_policy=extensions.of_authorities(),
            ee_policy=extensions.of_others(_PURPOSES[purpose], host),
        )
    )
    try:
        if host is not None:
            subject = extensions.subject(host)
            return list(builder.build_server_verifier(subject).verify(certificate, strong))
        return list(builder.build_client_verifier().verify(certificate, strong).chain)
    except verification.VerificationError as problem:
        raise Refused(extensions.reason(str(problem)), str(problem)) from problem
    except (ValueError, TypeError, x509.DuplicateExtension) as problem:
        raise Refused("malformed", str(problem)) from problem
