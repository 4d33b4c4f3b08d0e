"""Requests for certificates as applicants make them, with openssl."""

import subprocess
import tempfile
from pathlib import Path

CURVES = {"p256": "prime256v1", "sm2": "SM2", "p384": "secp384r1", "k256": "secp256k1"}


def openssl(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["openssl", *words], cwd=folder, capture_output=True, timeout=60)


def key(kind: str = "p256") -> bytes:
    """A private key in PEM: a curve of `CURVES`, or the bits of an RSA key."""
    with tempfile.TemporaryDirectory() as place:
        curve = CURVES.get(kind)
        words = (
            ["genpkey", "-algorithm", "EC", "-pkeyopt", f"ec_paramgen_curve:{curve}"]
            if curve and kind != "sm2"
            else ["genpkey", "-algorithm", "SM2"]
            if curve
            else ["genpkey", "-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{kind}"]
        )
        done = openssl(Path(place), *words)
    assert done.stdout.startswith(b"-----BEGIN"), done.stderr
    return done.stdout


def request(private: bytes, subject: str = "/CN=test", digest: str = "sha256") -> bytes:
    """A PKCS#10 request in PEM over a private key in PEM."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "key.pem").write_bytes(private)
        words = ["req", "-new", "-key", "key.pem", "-subj", subject, f"-{digest}", "-utf8"]
        if digest == "sm3":
            words += ["-sigopt", "distid:1234567812345678"]
        done = openssl(folder, *words)
    assert done.stdout.startswith(b"-----BEGIN"), done.stderr
    return done.stdout
