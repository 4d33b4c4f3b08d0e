"""Revocation: why a certificate no longer holds, and the signed list that says so (RFC 5280 §5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from asn1crypto import crl

from . import der
from .issuing import Issuer


class Reason(Enum):
    """RFC 5280 §5.3.1. A suspended certificate may come back; a revoked one never does."""

    UNSPECIFIED = "unspecified"
    KEY_COMPROMISE = "key_compromise"
    AUTHORITY_COMPROMISE = "ca_compromise"
    CHANGED = "affiliation_changed"
    SUPERSEDED = "superseded"
    ENDED = "cessation_of_operation"
    SUSPENDED = "certificate_hold"
    WITHDRAWN = "privilege_withdrawn"


@dataclass(frozen=True, slots=True)
class Revoked:
    """One certificate that does not hold from a moment on."""

    serial: int
    at: datetime
    reason: Reason


def revocation_list(
    issuer: Issuer, revoked: Iterable[Revoked], number: int, at: datetime, valid: timedelta
) -> crl.CertificateList:
    """The whole list of an authority. `number` grows with every list of the authority."""
    entries = [_entry(one) for one in sorted(revoked, key=lambda one: one.serial)]
    content = crl.TbsCertList(
        {
            "version": "v2",
            "signature": der.signature_algorithm(issuer.key.public.algorithm),
            "issuer": issuer.certificate.subject,
            "this_update": der.time(at),
            "next_update": der.time(at + valid),
            **({"revoked_certificates": entries} if entries else {}),
            "crl_extensions": [
                _extension(
                    "authority_key_identifier",
                    {"key_identifier": issuer.certificate.key_identifier},
                ),
                _extension("crl_number", number),
            ],
        }
    )
    made: crl.CertificateList = der.signed(
        crl.CertificateList, "tbs_cert_list", content, issuer.key
    )
    return made


def _entry(one: Revoked) -> dict[str, Any]:
    told: dict[str, Any] = {"user_certificate": one.serial, "revocation_date": der.time(one.at)}
    if one.reason is not Reason.UNSPECIFIED:
        # Unspecified is said by saying nothing (RFC 5280 §5.3.1).
        told["crl_entry_extensions"] = [
            {"extn_id": "crl_reason", "critical": False, "extn_value": one.reason.value}
        ]
    return told


def _extension(kind: str, value: Any) -> dict[str, Any]:
    return {"extn_id": kind, "critical": False, "extn_value": value}
