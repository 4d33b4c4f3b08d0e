"""`doctor`: each fault that it names is planted, found, and comes with a remedy."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest

from lingnan.kernel.trust.evidence.api import Entry, open_writer
from lingnan.kernel.trust.keystore.folder import FolderKeyStore
from lingnan.kernel.trust.keystore.wrapping import WrappingKey
from lingnan.kernel.trust.pki import profiles
from lingnan.kernel.trust.pki.issuing import Wanted, self_signed
from lingnan.kernel.trust.pki.names import Name
from lingnan.node import doctor, doctor_folder, doctor_machine
from lingnan.node.doctor import Finding
from lingnan.node.walk import measure
from lingnan.node.walk.province import Province, environment, free_port
from tests.nodes import copied

PREPARED = "import json, sys; from lingnan.node import doctor\nfrom pathlib import Path\n" + (
    "print(json.dumps([vars(f) for f in doctor.examine(Path(sys.argv[1]), int(sys.argv[2]))]))"
)
Found = list[dict[str, str]]


def sign_in(url: str) -> None:
    """What somebody does first, and what is written down first."""
    jar = urllib.request.HTTPCookieProcessor()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)
    opener.open(f"{url}/signin/", timeout=10).read()
    token = next(cookie.value for cookie in jar.cookiejar if cookie.name == "csrftoken")
    form = {"csrfmiddlewaretoken": token or "", "demonstration": "resident-440103"}
    with opener.open(f"{url}/signin/", urlencode(form).encode(), timeout=10) as answer:
        assert answer.status == 200 and "/signin/" not in answer.url


@pytest.fixture(scope="module")
def kept(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A node that was brought up, used and ended."""
    folder = copied(prepared, tmp_path_factory.mktemp("doctor") / "node")
    with Province(folder) as node:
        sign_in(node.url)
    return folder


@pytest.fixture
def data(kept: Path, tmp_path: Path) -> Path:
    """A copy to spoil."""
    return Path(shutil.copytree(kept, tmp_path / "n", ignore=shutil.ignore_patterns("*.sock")))


def look(data: Path, port: int | None = None, **told: str) -> Found:
    done = subprocess.run(
        [sys.executable, "-c", PREPARED, str(data), str(port or free_port())],
        env=environment() | told,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    found: Found = json.loads(done.stdout.splitlines()[-1])
    return found


def faults(found: Found) -> list[str]:
    assert all(one["remedy"] for one in found if one["level"] == "fault")
    return [f"{one['name']}: {one['found']}" for one in found if one["level"] == "fault"]


def only(found: Found, *words: str) -> None:
    """One fault, and it says these words."""
    said = faults(found)
    assert len(said) == 1 and all(word in said[0] for word in words), said


def test_a_sound_node_has_nothing_wrong(data: Path) -> None:
    assert faults(look(data)) == []


def test_a_folder_that_is_not_made_yet_is_no_fault_and_stays_unmade(tmp_path: Path) -> None:
    found = look(tmp_path / "none")
    assert faults(found) == [] and any("not made yet" in one["found"] for one in found)
    assert not (tmp_path / "none").exists()


def test_the_command_says_it_in_both_languages_and_by_its_status(data: Path) -> None:
    def run() -> "subprocess.CompletedProcess[str]":
        words = ["doctor", "--data", str(data), "--port", str(free_port())]
        return subprocess.run(
            [sys.executable, "-m", "lingnan.node.command", *words],
            env=environment(), capture_output=True, text=True, timeout=60,
        )  # fmt: skip

    sound = run()
    assert sound.returncode == 0 and "0 项有问题 · " in sound.stdout and "✗" not in sound.stdout
    (data / "evidence.sqlite3").unlink()
    broken = run()
    assert broken.returncode == 1 and "✗ 证据 · evidence" in broken.stdout
    assert "→ " in broken.stdout and "Traceback" not in broken.stderr


def test_another_mode(data: Path) -> None:
    only(look(data, LINGNAN_MODE="real"), "mode", "demonstration")


def test_an_unknown_system(data: Path) -> None:
    only(look(data, LINGNAN_SYSTEMS="populations"), "did you mean government/population")


def test_systems_that_are_kept_and_not_served(data: Path) -> None:
    found = look(data, LINGNAN_SYSTEMS="population,trust_services")
    said = [one["found"] for one in found if one["level"] == "remark"]
    assert faults(found) == [] and any("government/legal_persons" in line for line in said)


def test_keys_that_others_can_read(data: Path) -> None:
    (data / "keys" / "node.secret").chmod(0o644)
    only(look(data), "keys", "node.secret")


def spoil(path: Path, *acts: str) -> None:
    """Write past every guard, and leave nothing in the log beside the file."""
    file = sqlite3.connect(path)
    for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type='trigger'").fetchall():
        file.execute(f'DROP TRIGGER "{name}"')
    for act in acts:
        file.execute(act)
    file.commit()
    file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file.close()


def test_a_database_that_is_behind(data: Path) -> None:
    spoil(data / "lingnan.sqlite3", "DELETE FROM django_migrations WHERE app = 'node'")
    only(look(data), "database", "node.0001_initial")


def test_a_database_without_its_guards(data: Path) -> None:
    spoil(data / "lingnan.sqlite3")
    only(look(data), "database", "guards are missing")


def test_a_database_that_is_broken_or_gone(data: Path) -> None:
    path = data / "lingnan.sqlite3"
    path.write_bytes(b"not a database" * 1000)
    assert any("database" in one for one in faults(look(data)))
    for leftover in data.glob("lingnan.sqlite3*"):
        leftover.unlink()
    assert any(str(path) in one for one in faults(look(data)))
    assert not path.exists(), "looking makes no database"


def test_a_server_that_does_not_answer(data: Path) -> None:
    url = f"postgresql://nobody@127.0.0.1:{free_port()}/none"
    assert any("does not answer" in one for one in faults(look(data, LINGNAN_DATABASE=url)))


def test_evidence_that_was_changed_lost_or_locked(data: Path) -> None:
    path = data / "evidence.sqlite3"
    whole = path.read_bytes()
    spoil(path, "UPDATE entries SET kind = 'other' WHERE seq = 1")
    only(look(data), "evidence", "not as written")
    path.unlink()
    only(look(data), "evidence", "absent")
    path.write_bytes(whole)
    if os.geteuid() != 0:
        path.chmod(0o400)
        only(look(data), "evidence", "not writable")


def test_keys_that_are_lost_or_broken(data: Path) -> None:
    keys = data / "keys"
    one = sorted((keys / "store").glob("seal-*.key"))[0]
    whole = one.read_text()
    one.write_text(whole.replace('"private": "', '"private": "AAAA'))
    only(look(data), "keys", one.stem)
    one.write_text(whole)
    wrapping = (keys / "wrapping.key").read_bytes()
    (keys / "wrapping.key").write_bytes(bytes(reversed(wrapping)))
    only(look(data), "keys", "issuing-44")
    (keys / "authorities" / "root.cer").unlink()
    only(look(data), "keys", "no root")


def test_an_authority_that_ends(data: Path) -> None:
    past = datetime.now(UTC) - timedelta(days=7297)
    store = FolderKeyStore(data / "other", WrappingKey.read_or_make(data / "other.key"))
    key = store.make("root")
    root = self_signed(Wanted(Name("岭南"), key.public, profiles.ROOT, at=past), key)
    (data / "keys" / "authorities" / "root.cer").write_bytes(root.dump())
    only(look(data), "keys", "root.cer", "about to")


def test_a_clock_behind_the_keys(data: Path) -> None:
    ahead = int(time.time() * 1000) - doctor_folder.EPOCH_MS + 3_600_000
    for number in range(doctor_folder.SLOTS):
        (data / "keys" / f"slot-{number}.lock").write_bytes(b"%020d" % ahead)
    assert any("clock" in one and "behind" in one for one in faults(look(data)))


def test_a_clock_behind_what_was_written_down(data: Path) -> None:
    """The newest entry of the evidence is of tomorrow: this clock was set back."""
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    with open_writer(data / "evidence.sqlite3") as writer:
        writer.append([Entry("case.event", {}, at=tomorrow)])
    only(look(data), "clock and records", "newest entry")


def test_a_port_that_another_has(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        only(look(data, port), f"port {port}", f"pid {os.getpid()}")


def test_a_path_too_deep_for_a_socket(tmp_path: Path) -> None:
    assert any("too long" in f for f in faults(look(tmp_path / ("deep" * 30))))


def broken_matter(monkeypatch: pytest.MonkeyPatch) -> list[Finding]:
    from lingnan.kernel.matters import publication
    from lingnan.kernel.matters.definition import BrokenMatter
    from lingnan.node import doctor_data

    def check(content: object) -> None:
        raise BrokenMatter("planted")

    monkeypatch.setattr(publication, "check", check)
    return list(doctor_data.matters())


def test_a_matter_that_is_not_published(monkeypatch: pytest.MonkeyPatch) -> None:
    found = broken_matter(monkeypatch)
    assert found[0].level == "fault" and "not published: planted" in found[0].found


def test_a_full_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(9, 8, 1))
    assert [f.level for f in doctor_folder.room(tmp_path / "none")] == ["fault"]


def test_somebody_elses_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    assert [f.level for f in doctor_folder.folder(tmp_path)] == ["fault"]


def test_an_unsuitable_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 1))
    assert [f.level for f in doctor_machine.python()] == ["fault"]


def test_libraries_that_differ_from_the_lock(tmp_path: Path) -> None:
    lock = tmp_path / "base.txt"
    lock.write_text("django==0.1 \\\n    --hash=sha256:00\nno-such-library==1.0\n")
    (found,) = doctor_machine.libraries(lock)
    assert found.level == "fault" and "django" in found.found and "absent (1.0)" in found.found
    assert [f.level for f in doctor_machine.libraries()] == ["ok"]
    assert [f.level for f in doctor_machine.libraries(tmp_path / "none")] == ["remark"]


def test_missing_fonts_openssl_and_browser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LINGNAN_FONTS", str(tmp_path))
    assert [f.level for f in doctor_machine.fonts()] == ["fault"]
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert [f.level for f in doctor_machine.openssl()] == ["fault"]
    assert [f.level for f in doctor_machine.browser()] == ["fault"]


def test_a_look_that_breaks_is_a_fault_and_stops_nothing() -> None:
    def breaks() -> Iterator[Finding]:
        raise RuntimeError("planted")
        yield

    found = list(doctor._each([breaks, doctor_machine.python]))
    assert [f.level for f in found] == ["fault", "ok"] and "planted" in found[0].found


def test_a_running_node_is_seen_and_a_dead_worker_named(prepared: Path, tmp_path: Path) -> None:
    with Province(copied(prepared, tmp_path / "n")) as node:
        found = look(node.data, node.port)
        assert faults(found) == []
        assert any("already" in one["found"] or "a node runs" in one["found"] for one in found)
        assert any("this node" in one["found"] for one in found)
        node.process.send_signal(signal.SIGSTOP)  # it must not start the worker again meanwhile
        try:
            worker = next(p for p in measure.tree(node.process.pid)
                          if "lingnan.node.worker" in measure.command_of(p))  # fmt: skip
            os.kill(worker, signal.SIGKILL)
            time.sleep(0.3)
            only(look(node.data, node.port), "worker", "not alive")
        finally:
            node.process.send_signal(signal.SIGCONT)
