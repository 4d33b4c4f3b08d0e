"""A giver's node whose root was renewed: by the link from the registered root, and no other."""

import hashlib
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from lingnan.kernel.trust.api import checkpoints, consents, key_authorities, key_certificates
from lingnan.kernel.trust.keystore.folder import FolderKeyStore
from lingnan.kernel.trust.keystore.wrapping import WrappingKey
from lingnan.kernel.trust.pki import profiles
from lingnan.kernel.trust.pki.issuing import Issuer, Published, Wanted, self_signed
from lingnan.kernel.trust.pki.names import Name
from lingnan.kernel.trust.witnesses import fetching, keys, watching
from lingnan.systems.government.trust_services.tests.test_ceremonies import (
    CEREMONIES,
    SECOND,
    authorities_as_before,
    begin,
)
from lingnan.systems.government.trust_services.tests.test_roots import renewed
from tests.people import Person

__all__ = ["authorities_as_before"]
pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
foreign = consents.foreign
PLACES = Published("http://ca.example/ca.cer", "http://ca.example/ca.crl", "http://ca.example/ocsp")
SAID = {"number": "SQ-1", "state": "in_force"}


def digest(certificate: Any) -> str:
    return hashlib.sha256(certificate.dump()).hexdigest()


class Elsewhere:
    """Another node's authorities: two roots of the same names as ever, and one that signs now."""

    def __init__(self, folder: Path) -> None:
        self.store = FolderKeyStore(folder, WrappingKey.read_or_make(folder / "wrapping"))
        self.old, self.new = self.root("old"), self.root("new")
        self.on, self.back = self.link(self.old, self.new), self.link(self.new, self.old)
        key = self.store.make("issuing")
        self.issuing = self._below(self.new, "issuing", profiles.ISSUING, key)
        self.key = self.store.make("consents")
        under = Issuer(self.issuing, key, PLACES)
        self.own = self._below(under, "consents", profiles.CONSENT, self.key)

    def root(self, name: str) -> Issuer:
        key = self.store.make(name)
        return Issuer(self_signed(Wanted(Name(name, "甲"), key.public, profiles.ROOT), key), key)

    def link(self, above: Issuer, below: Issuer) -> Any:
        return self._below(above, below.certificate.subject.native["common_name"], profiles.LINK,
                           below.key)  # fmt: skip

    def _below(self, above: Issuer, name: str, profile: profiles.Profile, key: Any) -> Any:
        issuer = Issuer(above.certificate, above.key, PLACES)
        return issuer.issue(Wanted(Name(name, "甲"), key.public, profile))

    def shown(self, *links: Any, root: Any = None) -> Any:
        text = consents.signing.canonical(SAID)
        chain = [self.own, self.issuing, root or self.new.certificate]
        signature = b64encode(self.key.sign(text.encode())).decode()
        return foreign.Shown(text, signature, foreign._pem(chain), foreign._pem(links))


def refused(shown: Any, *roots: Any) -> str:
    """Why what is shown does not count under these registered roots; empty where it does."""
    try:
        read = foreign.Shown.read(shown.plain())
        said, led = foreign.said(read, [digest(one) for one in roots])
    except foreign.NotGenuine as fault:
        return str(fault)
    assert said == SAID and led in [digest(one) for one in roots]
    return ""


def test_the_registered_root_leads_to_the_next_by_its_own_link_alone(tmp_path: Path) -> None:
    node, other = Elsewhere(tmp_path / "a"), Elsewhere(tmp_path / "b")
    old, new = node.old.certificate, node.new.certificate
    assert refused(node.shown(), new) == ""
    assert refused(node.shown(old, new, node.on, node.back), old) == ""
    assert refused(node.shown(old, node.on), old) == ""
    assert "not registered" in refused(node.shown(), old), "without a link nothing leads there"
    assert "not registered" in refused(node.shown(node.on), old)
    assert refused(node.shown(old, node.back), old), "the other direction"
    assert refused(node.shown(old, new), old), "two roots, and no link"
    forged = other.link(other.old, node.new)  # by a root of the same name that is another's
    assert refused(node.shown(old, forged), old)
    assert "not registered" in refused(node.shown(other.old.certificate, forged), old)
    foreign_link = node.link(node.root("third"), node.new)
    assert refused(node.shown(old, foreign_link), old)
    stolen = node.link(node.old, other.new)  # a true link, of another root than the signer's
    assert refused(node.shown(old, stolen), old)
    # What an issuing authority signs is no link, and it may certify none.
    with pytest.raises(ValueError, match="may not stand below"):
        Issuer(node.issuing, node.store.open("issuing"), PLACES).issue(
            Wanted(Name("new", "甲"), node.new.key.public, profiles.LINK))  # fmt: skip


def test_who_registered_the_next_root_takes_what_was_signed_before(tmp_path: Path) -> None:
    node = Elsewhere(tmp_path)
    node.old, node.new = node.new, node.old
    node.on, node.back = node.back, node.on  # now the signer stands under the old root
    before = node.old.certificate
    shown = node.shown(node.new.certificate, node.back, root=before)
    assert refused(shown, node.new.certificate) == ""
    assert refused(node.shown(node.new.certificate, node.on, root=before), node.new.certificate)


def test_too_much_or_no_certificates_are_no_links(tmp_path: Path) -> None:
    node = Elsewhere(tmp_path)
    old = node.old.certificate
    assert refused(node.shown(*[old] * (foreign.MOST_LINKS + 1)), old) == "no path"
    plain = node.shown(old, node.on).plain()
    for wrong in ("x", 5, None, "x" * (foreign.LONGEST + 1)):
        with pytest.raises(foreign.NotGenuine):
            foreign.said(foreign.Shown.read(plain | {"links": wrong}), [digest(old)])


def test_after_a_ceremony_who_registered_the_former_root_goes_on() -> None:
    """The node's own: signed under the next root, judged by the first; its log keeps its name."""
    first = foreign.root_digest()
    origin, witness = checkpoints.origin(), watching.name()
    assert foreign.signed(SAID).links == ""
    renewed()
    second = foreign.root_digest()
    assert second != first
    before = foreign.signed(SAID)
    for root in (first, second):
        assert foreign.said(before, [root])[1] == root, "what the former root's authority signs"
    next_authority()
    after = foreign.signed(SAID)
    own = key_authorities.issuer("root-g2").certificate
    assert after.chain.endswith(foreign._pem([own])), "the next root is above it"
    for root in (first, second):
        assert foreign.said(after, [root])[1] == root
    with pytest.raises(foreign.NotGenuine):
        foreign.said(foreign.Shown(after.document, after.signature, after.chain), [first])
    assert (checkpoints.origin(), watching.name()) == (origin, witness)


def test_after_a_ceremony_a_witness_still_knows_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    origin, witness = checkpoints.origin(), watching.name()
    monkeypatch.setattr(fetching, "get", lambda _address, path: Client().get(path).content)
    renewed()
    next_authority()
    own = key_authorities.issuer("root-g2").certificate
    for name, purpose, certified in ((origin, "log", checkpoints.signer()),
                                     (witness, "witness", watching.signer())):  # fmt: skip
        assert certified.chain[-1].dump() == own.dump(), "it signs under the next root"
        assert keys.published("", name, purpose) == certified.key.public
    other = keys.named(key_authorities.issuer("issuing-44").certificate.dump(), "log")
    with pytest.raises(keys.Untrusted):
        keys.published("", other, "log")


def next_authority() -> None:
    """The province's next authority, under the next root; what signs is certified by it anew."""
    number = begin("issuing-44")
    Person(SECOND).post(f"{CEREMONIES}{number}/", act="confirm")
    for certified in (consents.signing.signer(), checkpoints.signer(), watching.signer()):
        serial = f"{certified.certificate.serial_number:x}"
        superseded = key_certificates.Reason.SUPERSEDED
        key_certificates.set_state(serial, "revoked", superseded, "tests")
