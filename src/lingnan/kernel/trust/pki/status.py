"""Answers about the status of certificates (RFC 6960, nonces by RFC 8954)."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import core, ocsp, x509

from lingnan.kernel.trust.keystore.keys import SigningKey

from . import der
from .revoking import Revoked

MOST_ASKED = 20
NONCE_LENGTHS = range(1, 33)
HASHES = ("sha1", "sha256")


class Unknown(Exception):
    """This authority never issued a certificate of that serial number."""


Status = Callable[[int], Revoked | None]
"""By serial number: why it does not hold, or None where it holds. Raises `Unknown`."""


@dataclass(frozen=True, slots=True)
class Responder:
    """Answers for one authority with a key of its own, which the authority certified."""

    authority: x509.Certificate
    certificate: x509.Certificate
    key: SigningKey
    valid: timedelta = timedelta(hours=1)

    def answer(self, request: bytes, status: Status, now: datetime | None = None) -> bytes:
        """The DER of an OCSPResponse, also for what cannot be understood. Never raises for
        what was sent; what `status` raises beside `Unknown` goes through."""
        try:
            asked, nonce = _read(request)
        except (ValueError, TypeError, KeyError):
            return _refusal("malformed_request")
        return self._answered(asked, nonce, status, now or datetime.now(UTC))

    def about(
        self, certificate: x509.Certificate, status: Status, now: datetime | None = None
    ) -> bytes:
        """The DER of an OCSPResponse about one certificate, without a request."""
        names = {
            "hash_algorithm": {"algorithm": "sha1"},  # which every reader of answers knows
            "issuer_name_hash": _hash("sha1", self.authority.subject.dump()),
            "issuer_key_hash": _hash("sha1", _bits(self.authority)),
            "serial_number": certificate.serial_number,
        }
        return self._answered([ocsp.CertId(names)], None, status, now or datetime.now(UTC))

    def _answered(
        self, asked: list[ocsp.CertId], nonce: bytes | None, status: Status, now: datetime
    ) -> bytes:
        moment = now.astimezone(UTC).replace(microsecond=0)
        single = [self._single(one, status, moment) for one in asked]
        content: dict[str, Any] = {
            "responder_id": ocsp.ResponderId("by_key", der.key_identifier(self.key.public)),
            "produced_at": moment,
            "responses": single,
        }
        if nonce is not None:
            content["response_extensions"] = [
                {"extn_id": "nonce", "critical": False, "extn_value": core.OctetString(nonce)}
            ]
        basic = der.signed(
            ocsp.BasicOCSPResponse,
            "tbs_response_data",
            ocsp.ResponseData(content),
            self.key,
            certs=[self.certificate],
        )
        body = {"response_type": "basic_ocsp_response", "response": basic}
        made: bytes = ocsp.OCSPResponse(
            {"response_status": "successful", "response_bytes": body}
        ).dump()
        return made

    def _single(self, asked: ocsp.CertId, status: Status, now: datetime) -> dict[str, Any]:
        return {
            "cert_id": asked,
            "cert_status": self._said(asked, status),
            "this_update": now,
            "next_update": now + self.valid,
        }

    def _said(self, asked: ocsp.CertId, status: Status) -> ocsp.CertStatus:
        if not self._mine(asked):
            return ocsp.CertStatus("unknown", core.Null())
        try:
            found = status(int(asked["serial_number"].native))
        except Unknown:
            return ocsp.CertStatus("unknown", core.Null())
        if found is None:
            return ocsp.CertStatus("good", core.Null())
        at = found.at.astimezone(UTC).replace(microsecond=0)
        told = {"revocation_time": at, "revocation_reason": found.reason.value}
        return ocsp.CertStatus("revoked", ocsp.RevokedInfo(told))

    def _mine(self, asked: ocsp.CertId) -> bool:
        """Whether the certificate's issuer, by name and key, is the authority answered for."""
        algorithm = asked["hash_algorithm"]["algorithm"].native
        if algorithm not in HASHES:
            return False
        name = self.authority.subject.dump()
        return bool(
            asked["issuer_name_hash"].native == _hash(algorithm, name)
            and asked["issuer_key_hash"].native == _hash(algorithm, _bits(self.authority))
        )


def _bits(certificate: x509.Certificate) -> bytes:
    """The bits of its public key (RFC 6960 §4.1.1)."""
    bits: bytes = certificate.public_key["public_key"].contents[1:]
    return bits


def _read(request: bytes) -> tuple[list[ocsp.CertId], bytes | None]:
    """What is asked about, and the nonce. Raises ValueError, TypeError or KeyError."""
    content = ocsp.OCSPRequest.load(request, strict=True)["tbs_request"]
    asked = [one["req_cert"] for one in content["request_list"]]
    # asn1crypto reads what is inside only when asked, and only then says that it cannot.
    if not 0 < len([one.native for one in asked]) <= MOST_ASKED:
        raise ValueError("too many or none")
    nonce: bytes | None = None
    for extension in content["request_extensions"] if content["request_extensions"] else ():
        if extension["extn_id"].native == "nonce":
            nonce = extension["extn_value"].parsed.native
        elif extension["critical"].native:
            raise ValueError("a critical extension that is not known")
    if nonce is not None and len(nonce) not in NONCE_LENGTHS:
        raise ValueError("a nonce of that length is refused (RFC 8954 §2.1)")
    return asked, nonce


def _refusal(why: str) -> bytes:
    made: bytes = ocsp.OCSPResponse({"response_status": why}).dump()
    return made


def _hash(algorithm: str, data: bytes) -> bytes:
    return hashlib.new(algorithm, data, usedforsecurity=False).digest()
