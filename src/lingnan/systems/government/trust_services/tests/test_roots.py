"""The next root: two custodians and a witness; either root proves what the other certified."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import pem
from django.test import Client

from lingnan.kernel.trust.api import (
    Body,
    key_authorities,
    key_certificates,
    key_links,
    key_publishing,
    node_evidence,
    node_seals,
)
from lingnan.kernel.trust.archiving import stamping
from lingnan.systems.government.trust_services.acts import roots
from lingnan.systems.government.trust_services.models import KeyCeremony
from lingnan.systems.government.trust_services.tests.certifying import CHECKER
from lingnan.systems.government.trust_services.tests.test_ceremonies import (
    CEREMONIES,
    FIRST,
    SECOND,
    authorities_as_before,
    begin,
)
from tests.people import Person
from tests.pki import asking
from tests.seal.test_seal import plain

__all__ = ["authorities_as_before", "plain"]
pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
WITNESS = "440000-data-certificate_officer"
OLD_BY_NEW, NEW_BY_OLD = "root-g2-signs-root", "root-signs-root-g2"


def begun(own: str = "root") -> str:
    first = Person(FIRST)
    first.post(CEREMONIES, act="root", authority=own, reason="根证书即将到期")
    assert first.url.startswith(f"{CEREMONIES}YS"), first.said
    return first.url


def renewed(own: str = "root") -> KeyCeremony:
    address = begun(own)
    for login, act in ((SECOND, "confirm"), (WITNESS, "witness")):
        who = Person(login)
        who.post(address, act=act)
        assert who.status == 200, who.said
    return KeyCeremony.objects.get(number=address.rstrip("/").rpartition("/")[2])


def put(folder: Path, name: str, url: str) -> Path:
    answer = Client().get(f"/trust/authorities/{url}.cer")
    assert answer.status_code == 200, url
    (folder / f"{name}.cer").write_bytes(answer.content)
    (folder / f"{name}.pem").write_bytes(pem.armor("CERTIFICATE", answer.content))
    return folder / f"{name}.cer"


def test_either_root_proves_what_was_certified_before_and_after(
    tmp_path: Path, plain: bytes
) -> None:
    body = Body.objects.get(code="gd-440103-market")
    before = node_seals.seal(plain, body, "before")
    old = node_seals.key_of(body)
    made = renewed()
    assert made.state == "done" and made.witness_name == Person(WITNESS).name
    assert node_seals.verify(before).problem is None, "nothing stops"
    assert node_seals.key_of(body).serial == old.serial
    second = begin("issuing-4401")
    Person(SECOND).post(f"{CEREMONIES}{second}/", act="confirm")
    key_certificates.set_state(old.serial, "revoked", key_certificates.Reason.SUPERSEDED, "tests")
    new = node_seals.key_of(body)
    after = node_seals.seal(plain, body, "after")
    assert new.chain[-1].dump() == key_authorities.issuer("root-g2").certificate.dump()
    assert node_seals.verify(after).problem is None
    for name, url in (("root", "root"), ("next", "root-g2"), ("city", "issuing-4401"),
                      ("city2", "issuing-4401-g2"), ("back", f"links/{OLD_BY_NEW}"),
                      ("on", f"links/{NEW_BY_OLD}")):  # fmt: skip
        put(tmp_path, name, url)
    for name, one in (("old", old), ("new", new)):
        whole = pem.armor("CERTIFICATE", one.certificate.dump())
        (tmp_path / f"{name}.pem").write_bytes(whole)
    for root, untrusted, leaf in (("root", ("city",), "old"), ("next", ("city2",), "new"),
                                  ("next", ("city", "back"), "old"),
                                  ("root", ("city2", "on"), "new")):  # fmt: skip
        parts = b"".join((tmp_path / f"{one}.pem").read_bytes() for one in untrusted)
        (tmp_path / "between.pem").write_bytes(parts)
        said = asking.openssl(tmp_path, "verify", "-x509_strict", "-CAfile", f"{root}.pem",
                              "-untrusted", "between.pem", f"{leaf}.pem")  # fmt: skip
        assert said.stdout.decode() == f"{leaf}.pem: OK\n", (root, leaf, said.stderr)
    (tmp_path / "before.pdf").write_bytes(before)
    (tmp_path / "after.pdf").write_bytes(after)
    assert judged(tmp_path, "before.pdf", "--root", "root.cer") == 0
    assert judged(tmp_path, "before.pdf", "--root", "next.cer") == 1
    linked = ("--root", "next.cer", "--link", "back.cer", "--link", "root.cer")
    assert judged(tmp_path, "before.pdf", *linked) == 0
    onward = ("--root", "root.cer", "--link", "on.cer", "--link", "next.cer")
    assert judged(tmp_path, "after.pdf", *onward) == 0
    wrong = ("--root", "root.cer", "--link", "back.cer", "--link", "next.cer")
    assert judged(tmp_path, "after.pdf", *wrong) == 2, "a link that no trusted root has signed"
    page = Client().get("/certification/").content.decode()
    for name in ("root", "root-g2"):
        own = key_authorities.issuer(name).certificate
        assert key_authorities.fingerprint(own) in page
    assert OLD_BY_NEW in page and NEW_BY_OLD in page
    minutes = Person(WITNESS).get(f"{CEREMONIES}{made.number}/")
    for said_ in (made.fingerprint, made.root_fingerprint, made.begun_name, made.ended_name,
                  made.witness_name, "密钥仪式记录"):  # fmt: skip
        assert said_ in minutes
    links = key_certificates.rows().filter(profile="link")
    assert set(links.values_list("authority", flat=True)) == {"root", "root-g2"}


def judged(folder: Path, *words: str) -> int:
    done = subprocess.run([sys.executable, "-m", "lingnan.node.command", "verify", *words],
                          cwd=folder, capture_output=True, text=True, timeout=120)  # fmt: skip
    return done.returncode


def test_nobody_makes_a_root_alone() -> None:
    address, first, second = begun(), Person(FIRST), Person(SECOND)
    for who, act in ((first, "confirm"), (Person(WITNESS), "confirm"), (Person(WITNESS), "witness"),
                     (second, "witness")):  # fmt: skip
        who.post(address, act=act)
        assert who.status == 422, (who.login, act)
    second.post(address, act="confirm")
    assert second.status == 200 and "等待见证人" in second.said
    for login in (FIRST, SECOND, CHECKER):
        who = Person(login)
        who.post(address, act="witness")
        assert who.status == 422, login
    assert "root-g2" not in key_authorities.labels()
    again = Person(FIRST)
    again.post(CEREMONIES, act="root", authority="root", reason="x")
    assert again.status == 422 and "正在办理" in again.said
    second.post(address, act="cancel")
    assert KeyCeremony.objects.get().state == "cancelled"
    Person(WITNESS).post(address, act="witness")
    assert "root-g2" not in key_authorities.labels() and key_links.names() == []


def test_cut_off_it_is_gone_on_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the key and before the links; the witness confirms once more."""
    address = begun()
    Person(SECOND).post(address, act="confirm")

    def killed(*args: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(roots.key_links, "make", killed)
        with pytest.raises(KeyboardInterrupt):
            Person(WITNESS).post(address, act="witness")
    made = key_authorities.fingerprint(key_authorities.issuer("root-g2").certificate)
    assert KeyCeremony.objects.get().state == "making"
    assert "已确认，尚未办完" in Person(FIRST).get(address)
    first = Person(FIRST)
    first.post(address, act="cancel")
    assert first.status == 422, "what was made is not stopped any more"
    witness = Person(WITNESS)
    witness.post(address, act="witness")
    assert witness.status == 200, witness.said
    done = KeyCeremony.objects.get()
    assert done.state == "done" and done.fingerprint == made
    assert key_links.names() == [OLD_BY_NEW, NEW_BY_OLD]
    entries = list(node_evidence.reader().entries("authority.linked", limit=2))
    assert {entry.payload["name"] for entry in entries if entry.payload} == {OLD_BY_NEW, NEW_BY_OLD}


def test_the_root_of_sm2_goes_the_same_way() -> None:
    key_authorities.issuer("sm2-root")
    made = renewed("sm2-root")
    assert (made.label, made.state) == ("sm2-root-g2", "done")
    assert len(key_links.names()) == 2
    number = begin("sm2-issuing-4406", "佛山市国密证书")
    Person(SECOND).post(f"{CEREMONIES}{number}/", act="confirm")
    own = key_authorities.chain("sm2-issuing-4406")
    assert own[-1].dump() == key_authorities.issuer("sm2-root-g2").certificate.dump()


def test_documents_are_archived_by_whichever_generation(plain: bytes) -> None:
    """The time-stamps are certified by the province's next authority, under the next root; the
    seals by an authority of before, or of then."""
    body = Body.objects.get(code="gd-440103-market")
    before = node_seals.seal(plain, body, "before")
    renewed()
    number = begin("issuing-44")
    Person(SECOND).post(f"{CEREMONIES}{number}/", act="confirm")
    for own in (key_publishing.stamper().certificate, node_seals.key_of(body).certificate):
        serial = f"{own.serial_number:x}"
        key_certificates.set_state(serial, "revoked", key_certificates.Reason.SUPERSEDED, "tests")
    stamper = key_publishing.stamper()
    assert stamper.chain[0].dump() == key_authorities.issuer("issuing-44-g2").certificate.dump()
    for document in (before, node_seals.seal(plain, body, "after")):
        report = node_seals.verify(document)
        assert report.problem is None
        archived = document + stamping._tail(document, report)
        assert node_seals.verify(archived).level == "B-LTA"
