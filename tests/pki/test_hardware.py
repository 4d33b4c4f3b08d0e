"""Keys in a PKCS#11 module, here SoftHSM: what the folder does, and what stays inside."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import pem

from lingnan.kernel.trust.keystore import pairs
from lingnan.kernel.trust.keystore.hardware import HardwareKeyStore, Token
from lingnan.kernel.trust.keystore.keys import Algorithm, KeyMissing, KeyStoreUnavailable
from lingnan.kernel.trust.pki import profiles
from lingnan.kernel.trust.pki.issuing import Issuer, Wanted, self_signed
from lingnan.kernel.trust.pki.names import Name

MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
MODULE = next((path for path in MODULES if Path(path).exists()), "")
pkcs11: Any = pytest.importorskip("pkcs11")
pytestmark = pytest.mark.skipif(
    not MODULE or not shutil.which("softhsm2-util"), reason="SoftHSM is not on this machine"
)
PIN = "471108"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A token of its own. The library reads its settings once in a process."""
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "pin").write_text(f"{PIN}\n")
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    words = ["--init-token", "--free", "--label", "lingnan", "--pin", PIN, "--so-pin", "0815"]
    subprocess.run(["softhsm2-util", *words], check=True, capture_output=True)
    return folder


def opened(place: Path) -> HardwareKeyStore:
    token = Token.read(f"pkcs11:{MODULE}?token=lingnan")
    return HardwareKeyStore(token, place / "pin", place / "store")


@pytest.fixture
def keys(place: Path) -> HardwareKeyStore:
    return opened(place)


def test_a_key_signs_and_others_verify(keys: HardwareKeyStore, place: Path) -> None:
    made = keys.make("issuing-4401")
    signature = made.sign(b"said")
    assert pairs.verify(made.public, b"said", signature)
    assert not pairs.verify(made.public, b"unsaid", signature)
    again = opened(place).open("issuing-4401")
    assert again.public == made.public
    assert pairs.verify(made.public, b"more", again.sign(b"more"))
    assert not pairs.verify(keys.make("other").public, b"said", signature)
    assert keys.labels() == ["issuing-4401", "other"]


SIGN = """
import os, sys
from pathlib import Path
from lingnan.kernel.trust.keystore.hardware import HardwareKeyStore, Token
store = HardwareKeyStore(Token.read(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
key = store.open("shared")
if os.fork():  # the parent; the child has a session of its own
    sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))
os.write(1, key.sign(b"said"))
"""
NODE = """
import django, sys
django.setup()
from lingnan.kernel.trust.certification import authorities
made = authorities.chain("issuing-4401")
sys.stdout.write(" ".join(authorities.keys().labels()))
"""


def run(code: str, *words: str, **environment: str) -> bytes:
    path = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", code, *words]
    done = subprocess.run(command, env={**os.environ, **path, **environment}, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def test_another_process_and_its_child_sign_with_it(keys: HardwareKeyStore, place: Path) -> None:
    made = keys.make("shared")
    words = (f"pkcs11:{MODULE}?token=lingnan", str(place / "pin"), str(place / "store"))
    assert pairs.verify(made.public, b"said", run(SIGN, *words))


def test_a_node_keeps_its_authorities_keys_in_the_token(place: Path, tmp_path: Path) -> None:
    words = ["--init-token", "--free", "--label", "node", "--pin", PIN, "--so-pin", "0815"]
    subprocess.run(["softhsm2-util", *words], check=True, capture_output=True)
    said = run(
        NODE,
        LINGNAN_DATA=str(tmp_path / "data"),
        LINGNAN_KEYSTORE=f"pkcs11:{MODULE}?token=node",
        LINGNAN_KEYSTORE_PIN=str(place / "pin"),
        DJANGO_SETTINGS_MODULE="lingnan.node.settings",
    )
    assert said.decode() == "issuing-4401 root"
    found = {path.name for path in (tmp_path / "data").rglob("*.*") if path.is_file()}
    assert "issuing-4401.cer" in found and not any(name.endswith(".key") and name != "wrapping.key"
                                                   for name in found)  # fmt: skip


def test_nothing_of_a_private_key_comes_out(keys: HardwareKeyStore) -> None:
    keys.make("inside")
    with keys._at_work() as (library, session):
        key = keys._private(library, session, "inside")
        assert key[library.Attribute.EXTRACTABLE] is False
        assert key[library.Attribute.SENSITIVE] is True
    with pytest.raises(KeyStoreUnavailable), keys._at_work() as (library, session):
        keys._private(library, session, "inside")[library.Attribute.VALUE]
    assert keys.open("inside").sign(b"said"), "the next session works"


def test_what_cannot_be_said_is_said(keys: HardwareKeyStore, place: Path) -> None:
    with pytest.raises(KeyMissing):
        keys.open("nobody")
    with pytest.raises(ValueError, match="label"):
        keys.make("../root")
    keys.make("one")
    with pytest.raises(ValueError, match="already"):
        keys.make("one")
    keys.destroy("one")
    with pytest.raises(KeyMissing):
        keys.open("one")
    with pytest.raises(KeyStoreUnavailable, match="P-256"):
        keys.make("two", Algorithm.SM2)
    token = Token(MODULE, "nowhere")
    with pytest.raises(KeyStoreUnavailable):
        HardwareKeyStore(token, place / "pin", place / "store").labels()
    with pytest.raises(KeyStoreUnavailable):
        HardwareKeyStore(Token(MODULE, "lingnan"), place / "no", place / "store").labels()
    with pytest.raises(KeyStoreUnavailable):
        HardwareKeyStore(Token("/no.so", "lingnan"), place / "pin", place / "store").labels()


@pytest.mark.parametrize("text", ["pkcs11:", "pkcs11:x?token=a", "file:/a?token=b", "pkcs11:/a.so"])
def test_only_a_module_and_a_token_name_a_store(text: str) -> None:
    with pytest.raises(KeyStoreUnavailable, match="LINGNAN_KEYSTORE"):
        Token.read(text)


def test_an_authority_of_a_module_is_verified_by_openssl(
    keys: HardwareKeyStore, tmp_path: Path
) -> None:
    root_key, key = keys.make("ca-root"), keys.make("ca-one")
    root = self_signed(Wanted(Name("模块根证书"), root_key.public, profiles.ROOT), root_key)
    one = Issuer(root, root_key).issue(Wanted(Name("某局"), key.public, profiles.SEAL))
    for name, made in (("root", root), ("one", one)):
        (tmp_path / f"{name}.pem").write_bytes(pem.armor("CERTIFICATE", made.dump()))
    words = ["openssl", "verify", "-x509_strict", "-CAfile", "root.pem", "one.pem"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True)
    assert "one.pem: OK" in done.stdout, done.stderr
