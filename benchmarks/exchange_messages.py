"""Exchanges between two gateways over TLS, signed and evidenced on both sides, against bare ones.

Everything on the machine's own cores: who asks, both gateways, both evidence writers, the service.
"""

import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvloop
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from benchmarks.exchange_disk import Disk
from benchmarks.exchange_gateways import FIRE, SERVICE, keyid
from benchmarks.exchange_load import Run, load
from benchmarks.figure import Figure, percentile
from lingnan.kernel.exchange.messages import channels

SIZES = {1024: (64, 6000), 100 * 1024: (32, 1500), 10 * 1024 * 1024: (4, 24)}
"""Bytes of an answer → connections, exchanges of a round."""
WORDS = {1024: "1KB", 100 * 1024: "100KB", 10 * 1024 * 1024: "10MB"}
STALLED = "exchange.message.disk.stalled"
"""Of the time at half load, during which a writing to the disk waits longer than the limit for 99
of 100 exchanges: where it is more than 1 %, no exchange that is written down can hold that."""
FIGURES = (
    *(f"exchange.message.{word}.{kind}" for word in WORDS.values()
      for kind in ("rate", "p50", "p99")),
    STALLED,
)  # fmt: skip
ROUNDS = 3
LEAST, SHARE, P99 = 1000.0, 0.4, 25.0


def measure() -> list[Figure]:
    """Limits at 1 KB: 1,000 exchanges/s, 40 % of the bare gateways', 99 of 100 in 25 ms at half of
    the highest load."""
    with (
        tempfile.TemporaryDirectory() as folder,
        pair(Path(folder), False) as whole,
        pair(Path(folder) / "bare", True) as bare,
    ):
        return uvloop.run(_figures(whole, bare))


async def _figures(whole: dict[str, Any], bare: dict[str, Any]) -> list[Figure]:
    found: list[Figure] = []
    for size, (connections, count) in SIZES.items():
        best, plain = Run(), Run()
        for _round in range(ROUNDS):
            for told, kept in ((whole, best), (bare, plain)):
                run = await _load(told, size, connections, count)
                if not kept.took or run.rate > kept.rate:
                    kept.took, kept.seconds = run.took, run.seconds
        with Disk(Path(whole["kept"]).with_name("disk")) as disk:
            half = await _load(whole, size, connections, max(count // 3, 12), best.rate / 2)
        half_bare = await _load(bare, size, connections, max(count // 3, 12), plain.rate / 2)
        name, of = f"exchange.message.{WORDS[size]}", f"{connections} connections"
        first = size == min(SIZES)
        limit = max(LEAST, SHARE * plain.rate) if first else None
        found += [
            Figure(f"{name}.rate", best.rate, "exchanges/s", of, plain.rate, limit, at_least=True),
            Figure(f"{name}.p50", percentile(half.took, 50) * 1000, "ms", "half load",
                   percentile(half_bare.took, 50) * 1000),
            Figure(f"{name}.p99", percentile(half.took, 99) * 1000, "ms", "half load",
                   percentile(half_bare.took, 99) * 1000, P99 if first else None),
        ]  # fmt: skip
        if first:
            found.append(Figure(STALLED, 100 * disk.stalled, "%", "half load"))
    return found


async def _load(
    told: dict[str, Any], size: int, connections: int, count: int, rate: float = 0.0
) -> Run:
    own = channels.Certified(told["system"]["chain"], told["system"]["key"])
    context = channels.of_client(own, told["consumer"]["root"])
    request = (
        f"GET /r1/{SERVICE}/{size} HTTP/1.1\r\nhost: gateway\r\nx-road-client: {FIRE}\r\n"
        "x-road-userid: 4403-17\r\nx-road-issue: XK-2026-0001\r\naccept: */*\r\n\r\n"
    ).encode()
    port = told["consumer"]["port"]
    return await load(port, context, "consumer", request, connections=connections, count=count,
                      rate=rate)  # fmt: skip


@contextmanager
def pair(folder: Path, bare: bool) -> Iterator[dict[str, Any]]:
    """Both gateways up with a service behind one; ended again."""
    folder.mkdir(parents=True, exist_ok=True)
    told: dict[str, Any] = {"bare": bare, "service": _free_port(), "kept": str(folder / "kept")}
    for role in ("consumer", "provider", "system"):
        told[role] = _keys(role) | {
            "port": _free_port(), "server": f"CN-GD/GOV/gd-440000-data/{role}",
            "evidence": str(folder / f"{role}.sock"),
        }  # fmt: skip
    (folder / "told.json").write_text(json.dumps(told))
    running = [] if bare else [_evidence(folder, role) for role in ("consumer", "provider")]
    words = ["-m", "benchmarks.exchange_gateways"]
    for role in ("service", "provider", "consumer"):
        command = [sys.executable, *words, role, str(folder / "told.json")]
        running.append(subprocess.Popen(command))
    try:
        for port in (told["service"], told["provider"]["port"], told["consumer"]["port"]):
            _await(port)
        yield told
    finally:
        for one in running:
            one.kill()
            one.wait()


def _evidence(folder: Path, role: str) -> "subprocess.Popen[bytes]":
    store, socket_file = folder / f"{role}.sqlite3", folder / f"{role}.sock"
    words = ["-m", "lingnan.kernel.trust.evidence.serve", "--store", str(store), "--socket",
             str(socket_file)]  # fmt: skip
    made = subprocess.Popen([sys.executable, *words])
    while not socket_file.exists():
        time.sleep(0.02)
    return made


def _keys(code: str) -> dict[str, str]:
    """A root, a channel under it, and a key for messages: of this run alone."""
    root_key, own_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    signs = ec.generate_private_key(ec.SECP256R1())
    root = _certificate(f"root of {code}", root_key, f"root of {code}", root_key, True, code)
    own = _certificate(code, own_key, f"root of {code}", root_key, False, code)
    public = signs.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return {"root": root, "chain": own, "key": _pem(own_key), "signs": _pem(signs),
            "keyid": keyid(public)}  # fmt: skip


def _certificate(
    subject: str, key: ec.EllipticCurvePrivateKey, issuer: str, by: ec.EllipticCurvePrivateKey,
    ca: bool, code: str,
) -> str:  # fmt: skip
    now = datetime.now(UTC)
    name = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in (subject, issuer)]
    made = (
        x509.CertificateBuilder()
        .subject_name(name[0]).issuer_name(name[1]).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5)).not_valid_after(now + timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca, 0 if ca else None), critical=True)
    )  # fmt: skip
    if not ca:
        uses = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        made = made.add_extension(x509.ExtendedKeyUsage(uses), critical=False)
        made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(code)]), critical=False)
    signed = made.sign(by, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM).decode()


def _pem(key: ec.EllipticCurvePrivateKey) -> str:
    form, how = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(form, how, serialization.NoEncryption()).decode()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _await(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"nothing listens at {port}")
