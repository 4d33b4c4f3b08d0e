"""`./lingnan verify` as a court runs it: a file, the root, no node and no network."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import typst

from lingnan.kernel.trust.bundles.api import bundle
from lingnan.kernel.trust.evidence.api import Entry
from lingnan.kernel.trust.evidence.store import SqliteStore
from lingnan.kernel.trust.ofd.api import seal_ofd
from lingnan.kernel.trust.pki import profiles
from lingnan.kernel.trust.seal.api import seal_pdf
from tests.seal.authority import Authority
from tests.seal.sm2_authority import PAPER, Sm2Authority
from tests.seal.test_bundles import log_of, proven

EVIL = "\x1b[2J\u009b2J"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("court")
    authority = Authority(made / "keys")
    key = authority.seal()
    (made / "root.cer").write_bytes(authority.root.dump())
    sealed = seal_pdf(typst.compile(b"= C"), key, "", "", "", authority.lasting(key))
    (made / "sealed.pdf").write_bytes(sealed)
    (made / "changed.pdf").write_bytes(sealed.replace(b"/Page", b"/Pagf", 1))
    (made / "text").write_text("no document")
    province = Sm2Authority(made / "sm2")
    ofd = seal_ofd(PAPER, province.seal(), province.issuing)
    (made / "sm2-root.cer").write_bytes(province.root.dump())
    (made / "sealed.ofd").write_bytes(ofd)
    (made / "changed.ofd").write_bytes(ofd[:3_000] + b"?" + ofd[3_001:])
    with SqliteStore(made / "log") as store:
        store.append([Entry("record.opened", {"n": n, "x": EVIL}) for n in range(9)])
        log = log_of(authority, store, profiles.LOG)
        (made / "b.asice").write_bytes(bundle(proven(store), log, key, authority.stamper()))
    return made


def verify(folder: Path, *words: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "lingnan.node.command", "verify", *words],
        cwd=folder, capture_output=True, text=True, timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "LINGNAN_DATA": str(folder)},
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("sealed.pdf", "--root", "root.cer"), 0, "真实"),
        (("sealed.pdf", "--root", "root.cer", "--language", "en"), 0, "It is genuine"),
        (("changed.pdf", "--root", "root.cer"), 1, "内容已不是盖章时的内容"),
        (("b.asice", "--root", "root.cer"), 0, "全部 3 条都在"),
        (("sealed.ofd", "--root", "sm2-root.cer"), 0, "无法判断：结构依据 GB/T 33190-2016"),
        (("sealed.ofd", "--root", "sm2-root.cer", "--language", "en"), 0, "It is genuine"),
        (("sealed.ofd", "--root", "root.cer"), 1, "没有受信任"),
        (("changed.ofd", "--root", "sm2-root.cer"), 1, "不成立"),
        (("sealed.pdf",), 2, "没有给出根证书"),
        (("text", "--root", "root.cer"), 2, "无法按 PDF 文件读取"),
        (("nothing.pdf", "--root", "root.cer"), 2, "nothing.pdf"),
        (("sealed.pdf", "--root", "text"), 2, "lingnan:"),
    ],
)
def test_what_a_court_is_told(folder: Path, words: tuple[str, ...], status: int, said: str) -> None:
    done, output = verify(folder, *words)
    assert done == status and said in output, output
    assert "Traceback" not in output


def test_entries_are_shown_and_cannot_move_the_terminal(folder: Path) -> None:
    _, output = verify(folder, "b.asice", "--root", "root.cer")
    assert json.dumps({"n": 1})[1:-1].replace(" ", "") in output
    assert "\x1b" not in output and "\u009b" not in output


def test_the_root_of_the_node_is_taken_where_it_is(folder: Path) -> None:
    own = folder / "keys" / "authorities"
    own.mkdir(parents=True)
    (own / "root.cer").write_bytes((folder / "root.cer").read_bytes())
    assert verify(folder, "sealed.pdf")[0] == 0
