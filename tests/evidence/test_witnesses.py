"""Witnesses: a log that was rewritten cannot get the signature of who saw it before."""

from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import pem
from django.test import Client

from lingnan.kernel.trust.api import checkpoints, clocks, node_evidence
from lingnan.kernel.trust.checkpoints.note import Checkpoint
from lingnan.kernel.trust.evidence import merkle
from lingnan.kernel.trust.keystore.folder import FolderKeyStore
from lingnan.kernel.trust.keystore.wrapping import WrappingKey
from lingnan.kernel.trust.models import Cosignature, SeenHead, WatchedLog, Witness
from lingnan.kernel.trust.pki import profiles
from lingnan.kernel.trust.pki.issuing import Issuer, Published, Wanted, self_signed
from lingnan.kernel.trust.pki.names import Name
from lingnan.kernel.trust.witnesses import asking, fetching, keys, watching
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
ELSEWHERE, HERE = "https://elsewhere.example.cn", "https://here.example.cn"
PLACES = Published("http://ca.example/ca.cer", "http://ca.example/ca.crl", "http://ca.example/ocsp")
ADD = "/trust/witness/add-checkpoint"


class ForeignLog:
    """A log of another node, under a root of its own, kept whole in memory."""

    def __init__(self, folder: Path, profile: profiles.Profile = profiles.LOG) -> None:
        store = FolderKeyStore(folder, WrappingKey.read_or_make(folder / "wrapping"))
        top, mid, self.key = (store.make(one) for one in ("root", "issuing", "log"))
        root = self_signed(Wanted(Name("甲 root", "甲"), top.public, profiles.ROOT), top)
        issuing = Issuer(root, top, PLACES).issue(
            Wanted(Name("甲 issuing", "甲"), mid.public, profiles.ISSUING)
        )
        own = Issuer(issuing, mid, PLACES).issue(
            Wanted(Name("甲 log", "甲"), self.key.public, profile)
        )
        self.chain = b"".join(pem.armor("CERTIFICATE", c.dump()) for c in (own, issuing, root))
        self.origin = keys.named(root.dump(), "log")
        self.leaves: list[bytes] = []

    def grow(self, count: int, text: str = "entry") -> None:
        start = len(self.leaves)
        self.leaves += [merkle.leaf_hash(f"{text} {start + n}".encode()) for n in range(count)]

    def _read(self, level: int, position: int, count: int) -> list[bytes]:
        width = 1 << level
        found = []
        for at in range(position, position + count):
            tree = merkle.Frontier()
            for leaf in self.leaves[at * width : (at + 1) * width]:
                tree.push(leaf)
            found.append(tree.root())
        return found

    @property
    def head(self) -> Checkpoint:
        root = merkle.root(len(self.leaves), self._read)
        return Checkpoint(self.origin, len(self.leaves), root).signed("log", self.key)

    def sent(self, old: int, head: Checkpoint | None = None, **changed: Any) -> Any:
        """The answer of the node under test to the head, proved from `old`."""
        proof = merkle.consistency_proof(old, len(self.leaves), self._read) if old else []
        proof = changed.get("proof", proof)
        body = watching.submission(old, proof, (head or self.head).note)
        return posted(changed.get("body", body))


def posted(body: str) -> Any:
    return Client().post(ADD, body, content_type="text/plain; charset=utf-8")


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ForeignLog:
    made = ForeignLog(tmp_path)
    monkeypatch.setattr(fetching, "get", lambda address, path: made.chain)
    asking.watch(made.origin, ELSEWHERE, "test")
    made.grow(5)
    return made


def test_a_log_that_only_grew_is_signed(log: ForeignLog) -> None:
    for old, size in ((0, 5), (5, 12), (12, 12), (12, 13)):
        log.grow(size - len(log.leaves))
        answer = log.sent(old)
        assert answer.status_code == 200, answer.content
        line = answer.content.decode()
        assert line.startswith(f"— {watching.name()} ") and line.endswith("\n")
    assert SeenHead.objects.get(origin=log.origin).size == 13


def test_a_rewritten_log_is_refused_and_that_is_evidence(log: ForeignLog) -> None:
    assert log.sent(0).status_code == 200
    log.leaves[2] = merkle.leaf_hash(b"another past")
    log.grow(3)
    assert log.sent(5).status_code == 422
    found = node_evidence.reader().entries(kind="trust.log_rewritten")
    assert any(log.origin == (entry.payload or {})["log"] for entry in found)
    seen = SeenHead.objects.get(origin=log.origin)
    assert seen.size == 5, "what was seen stays"


def test_two_histories_of_one_size_are_not_both_signed(log: ForeignLog) -> None:
    assert log.sent(0).status_code == 200
    log.leaves[-1] = merkle.leaf_hash(b"the other")
    assert log.sent(5).status_code == 422


def test_a_log_that_shrank_or_forgot_is_told_what_was_seen(log: ForeignLog) -> None:
    assert log.sent(0).status_code == 200
    answer = log.sent(0)
    assert (answer.status_code, answer.content) == (409, b"5")
    log.leaves = log.leaves[:3]
    assert log.sent(0).status_code == 409 and log.sent(3).status_code == 409


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (lambda body: "", 400),
        (lambda body: "old 0\n\nnothing\n", 400),
        (lambda body: body.replace("old 0", "old -1"), 400),
        (lambda body: body.replace("old 0", "old 00"), 400),
        (lambda body: body.replace("old 0", "old 0\n!!!"), 400),
        (lambda body: body.replace("old 0", "old 0\nAAAA"), 400),
        (lambda body: body.replace("lingnan.log/", "lingnan.log/f"), 404),
        (lambda body: body.replace("\n5\n", "\n6\n"), 403),
        (lambda body: body[: body.rindex("—")], 403),
        (lambda body: body + "x" * 70_000, 413),
    ],
)
def test_what_is_no_signed_head_of_a_watched_log(log: ForeignLog, change: Any, status: int) -> None:
    body = watching.submission(0, [], log.head.note)
    assert posted(change(body)).status_code == status
    assert not SeenHead.objects.filter(origin=log.origin).exists()
    assert log.sent(0).status_code == 200, "the log itself is served"


def test_a_proof_that_does_not_fit(log: ForeignLog) -> None:
    assert log.sent(0).status_code == 200
    log.grow(4)
    for proof in ([], [bytes(32)], [bytes(32)] * 40):
        assert log.sent(5, proof=proof).status_code == 422
    assert log.sent(5).status_code == 200


def test_a_certificate_of_another_root_or_purpose_is_no_log(
    log: ForeignLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = ForeignLog(tmp_path / "other")
    chain, log.chain = log.chain, other.chain
    assert log.sent(0).status_code == 403
    seal = ForeignLog(tmp_path / "seal", profiles.SEAL)
    monkeypatch.setattr(fetching, "get", lambda address, path: seal.chain)
    with pytest.raises(asking.NotPossible):
        asking.watch(seal.origin, ELSEWHERE, "test")
    assert not WatchedLog.objects.filter(origin=seal.origin).exists()
    monkeypatch.setattr(fetching, "get", lambda address, path: b"no certificate")
    assert log.sent(0).status_code == 403
    monkeypatch.setattr(fetching, "get", lambda address, path: chain)
    assert log.sent(0).status_code == 200


@pytest.fixture
def witness(monkeypatch: pytest.MonkeyPatch) -> Iterator[Witness]:
    """This node as the witness of its own log: each request goes over its own addresses."""

    def asked(request: Any) -> bytes:
        path, client = request.full_url.removeprefix(HERE), Client()
        kind = "text/plain; charset=utf-8"
        answer: Any = (
            client.post(path, request.data, content_type=kind) if request.data else client.get(path)
        )
        if answer.status_code != 200:
            raise fetching.Answered(answer.status_code, answer.content.decode())
        content: bytes = answer.content
        return content

    monkeypatch.setattr(fetching, "_asked", asked)
    asking.watch(checkpoints.origin(), HERE, "test")
    yield asking.invite(watching.name(), HERE, "test")


def checkpoint() -> int:
    node_evidence.write([node_evidence.entry("operating.evidence_checked", {"newest": 1})])
    made = checkpoints.make()
    assert made is not None
    return made.size


def test_a_witness_signs_each_new_checkpoint_once(witness: Witness) -> None:
    for _again in range(3):
        size = checkpoint()
        signed = asking.ask(witness)
        assert signed is not None and signed.size == size
        assert asking.ask(witness) is None
        note = Client().get(f"/trust/log/checkpoints/{size}/cosigned").content.decode()
        assert note.count("\n— ") == 2 and watching.name() in note
    (standing,) = asking.standings()
    assert standing.size == size and standing.at is not None


def test_a_log_that_lost_its_end_alarms(witness: Witness) -> None:
    size = checkpoint()
    asking.ask(witness)
    SeenHead.objects.filter(origin=checkpoints.origin()).update(size=size + 10)
    checkpoint()
    with pytest.raises(asking.Rewritten):
        asking.ask(witness)
    asking.Rounds().run()
    assert list(node_evidence.reader().entries(kind="trust.witness_refuses"))


def test_a_signature_of_a_time_that_has_not_come_is_not_kept(
    witness: Witness, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As if this clock stood a day before the witness's: both are named, and it is asked again."""
    size = checkpoint()
    with monkeypatch.context() as earlier:
        earlier.setattr(clocks, "TOLERANCE", -timedelta(days=1))
        asking.Rounds().run()
        assert not Cosignature.objects.filter(size=size).exists()
        assert "one of the two clocks is wrong" in caplog.text
    asking.Rounds().run()
    assert Cosignature.objects.filter(size=size).exists()


def test_a_witness_that_is_down_stops_nothing(
    witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint()
    monkeypatch.setattr(fetching, "_asked", lambda request: _raised())
    asking.Rounds().run()
    assert not Cosignature.objects.filter(witness=witness.name).exists()
    assert checkpoints.newest() is not None


def _raised() -> bytes:
    raise fetching.Unreachable("down")


def test_an_answer_that_is_no_signature_of_the_witness_is_not_kept(
    witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint()
    forged = f"— {watching.name()} {b64encode(bytes(80)).decode()}\n"
    monkeypatch.setattr(fetching, "post", lambda address, path, body: forged)
    with pytest.raises(keys.Untrusted):
        asking.ask(witness)
    assert not Cosignature.objects.exists()


def test_operators_register_and_stop(log: ForeignLog) -> None:
    operator = Person("440000-data-operator")
    page = operator.get("/operating/witnesses/")
    assert log.origin in page and "没有见证方" in page
    operator.post("/operating/witnesses/", act="watch", name=log.origin, address=ELSEWHERE)
    assert operator.status == 422 and "已经登记过" in operator.text
    name = log.origin.replace("log/", "witness/")
    operator.post("/operating/witnesses/", act="invite", name=name, address=ELSEWHERE)
    assert operator.status == 422 and "与此名称不符" in operator.text, "a log's key is no witness's"
    operator.post("/operating/witnesses/", act="invite", name="", address="")
    assert operator.status == 422
    operator.post("/operating/witnesses/", act="stop", name=log.origin)
    assert log.sent(0).status_code == 404


def test_an_address_where_nothing_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_asked", lambda request: _raised())
    operator = Person("440000-data-operator")
    typed = {"act": "invite", "name": "lingnan.witness/00", "address": "https://x.example.cn"}
    operator.post("/operating/witnesses/", **typed)
    assert operator.status == 422 and "没有应答" in operator.text
    assert "没有见证方" in operator.get("/operating/witnesses/")
