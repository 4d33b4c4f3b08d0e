"""Making certificates (RFC 5280 §4) with a key that never leaves its store."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import core, x509

from lingnan.kernel.trust.keystore.keys import PublicKey, SigningKey

from . import der
from .names import Name
from .profiles import TIME_STAMPING, Profile

BEFORE = timedelta(minutes=5)
"""A certificate is valid from a little earlier: clocks differ."""


@dataclass(frozen=True, slots=True)
class Published:
    """Where an authority's certificate, list and status answers are found; empty: nowhere."""

    certificate: str = ""
    revocations: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be certified. `hosts` are the DNS names of a system or node."""

    name: Name
    key: PublicKey
    profile: Profile
    days: int | None = None
    hosts: tuple[str, ...] = ()
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class Issuer:
    """An authority: its certificate and the key that signs for it."""

    certificate: x509.Certificate
    key: SigningKey
    published: Published = Published()

    def issue(self, wanted: Wanted) -> x509.Certificate:
        """A certificate that ends no later than the issuer's own. Raises ValueError for an
        authority below an authority that may have none, or for more days than its profile has."""
        room = self.certificate.max_path_length
        if wanted.profile.below is not None and (room is None or wanted.profile.below >= room):
            raise ValueError(f"{wanted.profile.name} may not stand below this authority.")
        until = min(_until(wanted), self.certificate.not_valid_after)
        extensions = _extensions(wanted) + self._pointers() + [self._issued_by()]
        return _certificate(wanted, self.certificate.subject, until, extensions, self.key)

    def _issued_by(self) -> x509.Extension:
        identifier = {"key_identifier": self.certificate.key_identifier}
        return _extension("authority_key_identifier", identifier)

    def _pointers(self) -> list[x509.Extension]:
        found = []
        access = [
            {
                "access_method": method,
                "access_location": x509.GeneralName("uniform_resource_identifier", url),
            }
            for method, url in (
                ("ocsp", self.published.status),
                ("ca_issuers", self.published.certificate),
            )
            if url
        ]
        if access:
            found.append(_extension("authority_information_access", access))
        if self.published.revocations:
            place = x509.GeneralName("uniform_resource_identifier", self.published.revocations)
            names = x509.DistributionPointName("full_name", [place])
            points = [{"distribution_point": names}]
            found.append(_extension("crl_distribution_points", points))
        return found


def self_signed(wanted: Wanted, key: SigningKey) -> x509.Certificate:
    """A root's own certificate."""
    return _certificate(wanted, wanted.name.der(), _until(wanted), _extensions(wanted), key)


def _until(wanted: Wanted) -> datetime:
    days = wanted.profile.days if wanted.days is None else wanted.days
    if not 0 < days <= wanted.profile.days:
        raise ValueError(f"{wanted.profile.name} is valid for 1 to {wanted.profile.days} days.")
    return wanted.at + timedelta(days=days)


def _certificate(
    wanted: Wanted,
    issuer: x509.Name,
    until: datetime,
    extensions: list[x509.Extension],
    key: SigningKey,
) -> x509.Certificate:
    content = x509.TbsCertificate(
        {
            "version": "v3",
            # 19 octets: unpredictable, positive, at most 20 long (RFC 5280 §4.1.2.2).
            "serial_number": secrets.randbits(151) | 1 << 151,
            "signature": der.signature_algorithm(key.public.algorithm),
            "issuer": issuer,
            "validity": {"not_before": der.time(wanted.at - BEFORE), "not_after": der.time(until)},
            "subject": wanted.name.der(),
            "subject_public_key_info": der.public_key(wanted.key),
            "extensions": extensions,
        }
    )
    made = der.signed(x509.Certificate, "tbs_certificate", content, key)
    # Read again, it keeps its bytes; as it was put together it would be written anew at each use.
    return x509.Certificate.load(made.dump())


def _extensions(wanted: Wanted) -> list[x509.Extension]:
    profile = wanted.profile
    limits: dict[str, Any] = {"ca": profile.below is not None}
    if profile.below is not None:
        limits["path_len_constraint"] = profile.below
    found = [
        _extension("basic_constraints", limits, critical=True),
        _extension("key_usage", set(profile.usage), critical=True),
        _extension("key_identifier", der.key_identifier(wanted.key)),
    ]
    if profile.purposes:
        alone = profile.purposes == (TIME_STAMPING,)
        found.append(_extension("extended_key_usage", list(profile.purposes), critical=alone))
    if wanted.hosts:
        names = [x509.GeneralName("dns_name", host) for host in wanted.hosts]
        found.append(_extension("subject_alt_name", names))
    if profile.unchecked:
        found.append(_extension("ocsp_no_check", core.Null()))
    return found


def _extension(kind: str, value: Any, critical: bool = False) -> x509.Extension:
    return x509.Extension({"extn_id": kind, "critical": critical, "extn_value": value})
