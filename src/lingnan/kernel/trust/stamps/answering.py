"""Time-stamp answers (RFC 3161 §2.4.2, with the certificate bound as RFC 5816 asks)."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from asn1crypto import cms, core, tsp, x509

from lingnan.kernel.trust.keystore.keys import SigningKey
from lingnan.kernel.trust.pki import der

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
        made: bytes = tsp.TimeStampResp(
            {
                "status": {"status": "granted"},
                "time_stamp_token": self._token(asked, now or datetime.now(UTC)),
            }
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
        made: bytes = self._token(asked, now or datetime.now(UTC)).dump()
        return made

    def _token(self, asked: tsp.TimeStampReq, now: datetime) -> cms.ContentInfo:
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
        return _signed(tsp.TSTInfo(told).dump(), self.certificate, self.key, carried, now)


def _signed(
    content: bytes,
    certificate: x509.Certificate,
    key: SigningKey,
    carried: list[x509.Certificate],
    now: datetime,
) -> cms.ContentInfo:
    """SignedData of one signer over the content (RFC 5652 §5)."""
    attributes = cms.CMSAttributes(
        [
            _attribute("content_type", "tst_info"),
            _attribute("message_digest", hashlib.sha256(content).digest()),
            _attribute(
                "signing_time", cms.Time("utc_time", now.astimezone(UTC).replace(microsecond=0))
            ),
            _attribute("signing_certificate_v2", _bound(certificate)),
        ]
    )
    signer = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            "issuer_and_serial_number",
            {"issuer": certificate.issuer, "serial_number": certificate.serial_number},
        ),
        "digest_algorithm": {"algorithm": "sha256"},
        "signed_attrs": attributes,
        "signature_algorithm": der.signature_algorithm(key.public.algorithm),
        "signature": key.sign(attributes.untag().dump()),
    }
    data: dict[str, Any] = {
        "version": "v3",
        "digest_algorithms": [{"algorithm": "sha256"}],
        "encap_content_info": {
            "content_type": "tst_info",
            "content": core.ParsableOctetString(content),
        },
        "signer_infos": [signer],
    }
    if carried:
        data["certificates"] = [cms.CertificateChoices("certificate", one) for one in carried]
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(data)})


def _attribute(kind: str, value: Any) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": kind, "values": [value]})


def _bound(certificate: x509.Certificate) -> tsp.SigningCertificateV2:
    """Which certificate signed, by its hash (RFC 5035 §3)."""
    named = {
        "issuer": [x509.GeneralName("directory_name", certificate.issuer)],
        "serial_number": certificate.serial_number,
    }
    one = {
        "cert_hash": hashlib.sha256(certificate.dump()).digest(),
        "issuer_serial": named,
    }
    return tsp.SigningCertificateV2({"certs": [one]})


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
