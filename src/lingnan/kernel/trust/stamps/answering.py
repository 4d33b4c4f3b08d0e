"""Time-stamp answers (RFC 3161 §2.4.2, with the certificate bound as RFC 5816 asks)."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from asn1crypto import cms, core, tsp, x509

from lingnan.kernel.trust.keystore.keys import SigningKey
from lingnan.kernel.trust.seal import container

POLICY = "2.25.183846295719462750911274418723049871334"
"""Under which these time-stamps are given: a name nobody else has (X.667 §7)."""
LENGTHS = {"sha256": 32, "sha384": 48, "sha512": 64}
"""Digests that are stamped, by their length in bytes."""


class _Refusal(core.Sequence):
    """A TimeStampResp without a token, which asn1crypto's own always has."""

    _fields: ClassVar = [("status", tsp.PKIStatusInfo)]


class _Refused(Exception):
    """`failure` is the bit of PKIFailureInfo."""

    def __init__(self, failure: str) -> None:
        super().__init__(failure)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class Stamper:
    """A time-stamping authority: its certificate and the key that does nothing else.

    `chain` are the certificates above its own, sent when the request asks for certificates.
    """

    certificate: x509.Certificate
    key: SigningKey
    chain: tuple[x509.Certificate, ...] = ()
    accuracy_ms: int = 500

    def answer(self, request: bytes, now: datetime | None = None) -> bytes:
        """The DER of a TimeStampResp, also for what is refused. Never raises for what was sent."""
        try:
            asked = _read(request)
        except _Refused as refused:
            return _refusal(refused.failure)
        token = cms.ContentInfo.load(self._token(asked, now or datetime.now(UTC)))
        made: bytes = tsp.TimeStampResp(
            {"status": {"status": "granted"}, "time_stamp_token": token}
        ).dump()
        return made

    def stamp(self, digest: bytes, algorithm: str = "sha256", now: datetime | None = None) -> bytes:
        """The DER of a token for a digest, without a request. Raises ValueError."""
        if LENGTHS.get(algorithm) != len(digest):
            raise ValueError("The digest has not the length of its algorithm.")
        asked = tsp.TimeStampReq(
            {
                "version": "v1",
                "message_imprint": {
                    "hash_algorithm": {"algorithm": algorithm},
                    "hashed_message": digest,
                },
                "cert_req": True,
            }
        )
        return self._token(asked, now or datetime.now(UTC))

    def _token(self, asked: tsp.TimeStampReq, now: datetime) -> bytes:
        told: dict[str, Any] = {
            "version": "v1",
            "policy": POLICY,
            "message_imprint": asked["message_imprint"],
            "serial_number": secrets.randbits(127) | 1 << 127,
            "gen_time": core.GeneralizedTime(now.astimezone(UTC)),
            "accuracy": {"millis": self.accuracy_ms},
            "ordering": False,
        }
        if asked["nonce"].native is not None:
            told["nonce"] = asked["nonce"]
        carried = [self.certificate, *self.chain] if asked["cert_req"].native else []
        content = tsp.TSTInfo(told).dump()
        signed = container.stamp_attributes(content, self.certificate, now)
        signature = self.key.sign(signed)
        return container.write_stamp(content, signed, signature, self.certificate, carried)


def _read(request: bytes) -> tsp.TimeStampReq:
    """A request that can be granted. Raises `_Refused`."""
    try:
        asked = tsp.TimeStampReq.load(request, strict=True)
        told = asked.native
        imprint = asked["message_imprint"]
        algorithm = imprint["hash_algorithm"]["algorithm"].native
        digest = imprint["hashed_message"].native
    except (ValueError, TypeError, KeyError) as problem:
        raise _Refused("bad_data_format") from problem
    if told["version"] != "v1":
        raise _Refused("bad_request")
    if algorithm not in LENGTHS:
        raise _Refused("bad_alg")
    if len(digest) != LENGTHS[algorithm]:
        raise _Refused("bad_data_format")
    if told["req_policy"] not in (None, POLICY):
        raise _Refused("unaccepted_policy")
    if told["extensions"]:
        raise _Refused("unaccepted_extensions")
    return asked


def _refusal(failure: str) -> bytes:
    status = {"status": "rejection", "fail_info": {failure}}
    made: bytes = _Refusal({"status": status}).dump()
    return made
