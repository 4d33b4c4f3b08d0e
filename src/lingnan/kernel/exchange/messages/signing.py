"""What of a message is signed, by whom, and how an answer is bound to what it answers.

RFC 9421, one signature labelled `node` by the sending node's key, on ECDSA P-256. It covers method,
address or status, the digest of the body and every field that is carried: one that is there and
not covered is refused, so that nobody on the way adds to what was signed.
"""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from lingnan.kernel.exchange.messages.directory import Directory, Peer
from lingnan.kernel.exchange.messages.refusals import Refused
from lingnan.kernel.exchange.messages.seen import Full, Seen
from lingnan.standards import http_signatures, xroad
from lingnan.standards.http_signatures import BadSignature, Component, Message, Stated

LABEL = "node"
GOOD_FOR = 60
"""Seconds from signing within which a message is taken."""
BEHIND, AHEAD = 240, 5
"""Seconds by which a sender's clock may go behind or ahead of ours. Ahead only a little: what was
taken before a restart is known by being made before it (`Seen`)."""
_DIGEST = "content-digest"
_REQUEST = ("@method", "@path", "@query", xroad.CLIENT, xroad.ID, xroad.SERVER, _DIGEST)
_ANSWER = ("@status", xroad.ID, _DIGEST)
UNSIGNED = xroad.NOT_CARRIED | {"signature", "signature-input", "date", "accept-encoding"}
"""Fields that are of one hop, or of the signature itself: they are not carried on."""
_ANSWERED = Component("signature", request=True)
_P256 = ec.ECDSA(hashes.SHA256())


@dataclass(frozen=True)
class Speaker:
    """The key by which this node signs: `sign` gives an Ecdsa-Sig-Value in DER."""

    server: str
    keyid: str
    sign: Callable[[bytes], bytes]


@dataclass(frozen=True)
class Spoken:
    """A message that was verified: who sent it, and what proves it."""

    peer: Peer
    keyid: str
    signature: bytes
    created: int


def now() -> float:
    """System time, in seconds since 1970."""
    return time.time()


def signed_request(message: Message, body: bytes, speaker: Speaker) -> Message:
    """The request with its digest and signature. It names client, id and server already."""
    fields = {**message.fields, _DIGEST: http_signatures.content_digest(body)}
    return _signed(message, fields, _covered(fields, _REQUEST), speaker)


def signed_answer(message: Message, body: bytes, speaker: Speaker) -> Message:
    """The answer with its digest and signature, bound to the signature of its request."""
    fields = {**message.fields, _DIGEST: http_signatures.content_digest(body)}
    covered = (*_covered(fields, _ANSWER), _ANSWERED)
    return _signed(message, fields, covered, speaker)


def read_request(
    message: Message, body: bytes, directory: Directory, here: str, seen: Seen
) -> Spoken:
    """Who sent a request. Raises Refused."""
    spoken, told = _read(message, body, directory)
    if message.fields.get(xroad.SERVER) != here:
        raise Refused("InvalidSecurityServer", f"this message is not for {here}")
    try:
        client = xroad.identifier(message.fields[xroad.CLIENT])
    except xroad.BadRequest as problem:
        raise Refused("InvalidClientIdentifier", str(problem)) from problem
    if not spoken.peer.speaks_for(client):
        raise Refused("AccessDenied", f"{spoken.peer.server} does not speak for {client}")
    _demand_new(told, spoken, seen)
    return spoken


def read_passing(message: Message, body: bytes, directory: Directory) -> Spoken:
    """Who sent a request to another node. Raises Refused."""
    return _read(message, body, directory)[0]


def read_answer(message: Message, body: bytes, directory: Directory, asked: Peer) -> Spoken:
    """Who sent an answer to `message.request`. Raises Refused, also where it is another's."""
    spoken, _told = _read(message, body, directory)
    if spoken.peer.server != asked.server:
        raise Refused("InvalidSignature", f"the answer is by {spoken.peer.server}")
    request = message.request
    if request is None or message.fields.get(xroad.ID) != request.fields.get(xroad.ID):
        raise Refused("InconsistentResponse", "the answer is of another request")
    return spoken


def _signed(
    message: Message, fields: dict[str, str], covered: tuple[Component, ...], speaker: Speaker
) -> Message:
    """The message with these fields, and what signs them among them."""
    created = int(now())
    parameters: dict[str, http_signatures.Value] = {
        "created": created,
        "expires": created + GOOD_FOR,
        "nonce": secrets.token_hex(16),
        "alg": http_signatures.ECDSA_P256,
        "keyid": speaker.keyid,
    }
    made = message.saying(fields)
    fields["signature-input"], fields["signature"] = http_signatures.sign(
        made, covered, parameters, lambda data: _raw(speaker.sign(data)), LABEL
    )
    return made


def _covered(fields: Mapping[str, str], always: tuple[str, ...]) -> tuple[Component, ...]:
    """What a message of its kind must say, and all else that it says."""
    return _components(tuple(fields), always)


@lru_cache(maxsize=4096)
def _components(names: tuple[str, ...], always: tuple[str, ...]) -> tuple[Component, ...]:
    others = sorted(set(names) - UNSIGNED - set(always))
    return tuple(map(Component, (*always, *others)))


def _read(message: Message, body: bytes, directory: Directory) -> tuple[Spoken, Stated]:
    try:
        told, signature = http_signatures.stated(message, LABEL)
        _demand_covered(message, told)
        peer, key = directory.signer(str(told.parameters.get("keyid", "")))
        created = _demand_fresh(told)
        if not http_signatures.same_digest(message.fields.get(_DIGEST, ""), body):
            raise Refused("InvalidBody", "the body is not the one that was signed")
        base = http_signatures.base(message, told.covered, told.text)
    except BadSignature as problem:
        raise Refused("InvalidSignature", str(problem)) from problem
    if told.parameters.get("alg") != http_signatures.ECDSA_P256 or not _holds(key, base, signature):
        raise Refused("InvalidSignature", "the signature does not hold")
    return Spoken(peer, str(told.parameters["keyid"]), signature, created), told


def _demand_covered(message: Message, told: Stated) -> None:
    wanted = _covered(message.fields, _ANSWER if message.status else _REQUEST)
    missing = _missing((*wanted, _ANSWERED) if message.status else wanted, told.covered)
    if missing:
        raise Refused("InvalidSignature", f"not signed: {', '.join(missing)}")


@lru_cache(maxsize=4096)
def _missing(wanted: tuple[Component, ...], covered: tuple[Component, ...]) -> tuple[str, ...]:
    return tuple(sorted(str(one) for one in set(wanted) - set(covered)))


def _demand_fresh(told: Stated) -> int:
    """When it was signed. Raises Refused where that is too long ago, or still to come."""
    created, expires = told.parameters.get("created"), told.parameters.get("expires")
    if type(created) is not int or type(expires) is not int or not told.parameters.get("nonce"):
        raise Refused("InvalidSignature", "the signature does not say when it was made")
    moment = now()
    if expires - created > GOOD_FOR or not created - AHEAD <= moment <= expires + BEHIND:
        raise Refused(
            "Expired", f"too old, or a clock is wrong: made {created - moment:+.0f} s from now"
        )
    return created


def _demand_new(told: Stated, spoken: Spoken, seen: Seen) -> None:
    """After the signature, so that nobody else can use up a nonce."""
    if spoken.created < seen.since + AHEAD:
        raise Refused("Restarted", "made before this node came up anew: sign and send it again")
    name = f"{spoken.keyid} {told.parameters['nonce']}"
    try:
        again = seen.again(name, spoken.created + GOOD_FOR + BEHIND, now())
    except Full as problem:
        raise Refused("Overloaded", "too many messages at once", 503) from problem
    if again:
        raise Refused("Replayed", "this message came already")


def _holds(key: bytes, base: bytes, signature: bytes) -> bool:
    if len(signature) != 64:
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        _loaded(key).verify(encode_dss_signature(r, s), base, _P256)
    except (InvalidSignature, ValueError):
        return False
    return True


def _raw(signature: bytes) -> bytes:
    r, s = decode_dss_signature(signature)
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


@lru_cache(maxsize=4096)
def _loaded(key: bytes) -> ec.EllipticCurvePublicKey:
    """Raises ValueError on a key that is none of P-256."""
    found = serialization.load_der_public_key(key)
    if not isinstance(found, ec.EllipticCurvePublicKey) or found.curve.name != "secp256r1":
        raise ValueError("not a key of P-256")
    return found
