"""The first operator and the first head of a real node: by the command line, once, with a link
that serves once and never a password."""

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from lingnan.kernel.trust.api import Account, Body, Holding, node_evidence
from lingnan.kernel.trust.people import accounts, first
from lingnan.kernel.trust.people.appointing import NotPossible
from lingnan.node.walk.province import environment as bare
from lingnan.node.walk.province import free_port
from tests.signin.real import ANOTHER, Visitor, written

LINK = re.compile(r"https://portal\.example/signin/ticket/#([A-Z0-9-]{14})\n")


@pytest.fixture
def real_node(tmp_path: Path) -> Iterator[Path]:
    """A real node that is up, with nobody and nothing in it."""
    told = {"LINGNAN_MODE": "real", "LINGNAN_ADDRESS": "https://portal.example",
            "PYTHONUNBUFFERED": "1"}  # fmt: skip
    words = ["-m", "lingnan.node.command", "up", "--data", str(tmp_path), "--port",
             str(free_port())]  # fmt: skip
    with subprocess.Popen(
        [sys.executable, *words], env=bare() | told, stdout=subprocess.PIPE, text=True
    ) as node:
        ending = threading.Timer(600, node.terminate)
        ending.start()
        try:
            assert node.stdout is not None
            assert any("ready after" in line for line in node.stdout)
            yield tmp_path
        finally:
            ending.cancel()
            node.terminate()
            node.wait(30)


def operator(data: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "lingnan.node.command", "operator", *words, "--data", str(data)],
        env=bare() | {"LINGNAN_ADDRESS": "https://portal.example"},
        capture_output=True, text=True, timeout=600,
    )  # fmt: skip


def test_a_real_nodes_first_operator_and_head_are_opened_once(real_node: Path) -> None:
    data = real_node
    done = operator(data, "陈一新", "--login", "chan.yatsan")
    assert done.returncode == 0, done.stderr
    link = LINK.search(done.stdout)
    assert link and "chan.yatsan" in done.stdout and "广东省政务服务和数据管理局" in done.stdout
    again = operator(data, "陈一新", "--login", "chan.yatsan")
    other = LINK.search(again.stdout)
    assert again.returncode == 0 and other and other[1] != link[1], "a new link, the same account"
    for words, said in (
        (["李二新"], "there is one already"),
        (["李二新", "--another", str(data / "absent")], "absent"),
        (
            ["李二新", "--another", str(data / "keys" / "node.secret")],
            "not the key of this machine",
        ),
        (["李"], "two letters"),
        (["李二新", "--login", "X"], "4 to 40"),
    ):
        refused = operator(data, *words)
        assert refused.returncode == 1 and said in refused.stderr, (words, refused.stderr)
        assert "Traceback" not in refused.stderr and "#" not in refused.stdout
    head = operator(data, "何三新", "--head")
    assert head.returncode == 0 and LINK.search(head.stdout), head.stderr
    key = str(data / "keys" / "operator.key")
    another = operator(data, "李二新", "--another", key, "--login", "chan.yatsan")
    assert another.returncode == 1 and "signs in with this name already" in another.stderr
    assert operator(data, "李二新", "--another", key).returncode == 0


def test_without_a_node_that_is_up_it_says_so(tmp_path: Path) -> None:
    done = operator(tmp_path, "陈一新")
    assert done.returncode == 1 and "run ./lingnan up first" in done.stderr
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "mode").write_text("real\n")
    (tmp_path / "lingnan.sqlite3").touch()
    done = operator(tmp_path, "陈一新")
    assert done.returncode == 1 and "not up" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.django_db
def test_the_link_lets_the_person_choose_a_password_and_then_operate() -> None:
    body = Body.objects.get(code="gd-440000-data")
    with pytest.raises(NotPossible, match="exists"):
        first.open_first(body, "operator", "chan.yatsan", "陈一新", another=False)
    assert not Account.objects.filter(login="chan.yatsan").exists()
    made, _old = first.open_first(body, "operator", "chan.yatsan", "陈一新", another=True)
    same, code = first.open_first(body, "operator", "chan.yatsan", "陈一新", another=False)
    assert same.key == made.key and Holding.objects.filter(account=made.key).count() == 1
    assert not made.has_usable_password() and Visitor().sign_in(made.login, "") == 401
    assert Visitor().post("/signin/ticket/", ticket=_old) == 422, "only the newest link"
    device = Visitor("198.51.100.9")
    assert device.post("/signin/ticket/", ticket=code) == 302
    assert device.post(device.leads, new=ANOTHER, repeated=ANOTHER) == 302
    assert device.inside and device.get("/operating/") == 200 and device.get("/desk/people/") == 200
    assert Visitor().post("/signin/ticket/", ticket=code) == 422, "it serves once"
    told = written(made, "trust.account_opened")[0]
    assert told["by"] == first.BY and "machine's key" in told["reason"]
    kinds = {one.kind for one in node_evidence.reader().by_subject("trust", made.key, limit=20)}
    assert {"trust.account_opened", "trust.post_begun", "trust.counter_opened"} <= kinds
    with pytest.raises(NotPossible, match="exists"):
        first.open_first(body, "operator", "chan.yatsan", "陈一新", another=False)
    with pytest.raises(NotPossible, match="role"):
        first.open_first(body, "clerk", "chan.yatsan2", "陈一新", another=True)
    assert not accounts.never_signed_in(Account.objects.get(key=made.key))
