"""Answers about certificates and time-stamps in a second of one core, beside bare signatures."""

import hashlib
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from asn1crypto import ocsp

from benchmarks.figure import Figure
from benchmarks.trust_seals import province
from lingnan.kernel.trust.pki.status import Responder

FIGURES = ("answers.status", "answers.stamps")
TURNS = 400


def measure() -> list[Figure]:
    """The baseline is one signature by the same key: no answer is had with less."""
    with tempfile.TemporaryDirectory(prefix="lingnan-bench-") as folder:
        made = province(Path(folder))
        bare = _rate(partial(made.key.key.sign, b"x" * 200))
        size = "processor time of one core"
        return [
            Figure("answers.status", _rate(_asking(made.responder)), "answers/s", size, bare),
            Figure(
                "answers.stamps",
                _rate(partial(made.lasting.stamper.stamp, b"\x01" * 32)),
                "stamps/s",
                size,
                bare,
            ),
        ]


def _asking(responder: Responder) -> Callable[[], object]:
    """A request about a certificate that is good, as a verifier sends it."""
    issuer = responder.authority
    bits = issuer.public_key["public_key"].contents[1:]

    asked = ocsp.CertId(
        {
            "hash_algorithm": {"algorithm": "sha256"},
            "issuer_name_hash": hashlib.sha256(issuer.subject.dump()).digest(),
            "issuer_key_hash": hashlib.sha256(bits).digest(),
            "serial_number": 4711,
        }
    )
    request = ocsp.OCSPRequest({"tbs_request": {"request_list": [{"req_cert": asked}]}}).dump()
    return lambda: responder.answer(request, lambda serial: None, datetime.now(UTC))


def _rate(work: Callable[[], object]) -> float:
    work()
    start = time.process_time()
    for _ in range(TURNS):
        work()
    return TURNS / (time.process_time() - start)
