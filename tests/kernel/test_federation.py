"""Founding an instance and joining it: what the founder takes, refuses, names and shuts out.

The joining node's own key is this process's, too; two real nodes stand in `tests/node`.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lingnan.kernel.exchange.federation import (
    directories,
    enrolling,
    founding,
    inviting,
    joining,
    own,
)
from lingnan.kernel.exchange.federation.enrolling import NotTaken
from lingnan.kernel.exchange.federation.inviting import NotPossible, Word
from lingnan.kernel.exchange.federation.models import InstanceNode, Invitation, KnownDirectory
from lingnan.kernel.exchange.federation.own import Own
from lingnan.kernel.exchange.messages import voices
from lingnan.kernel.exchange.messages.directory_text import NotADirectory
from lingnan.kernel.trust.api import consents, node_evidence
from lingnan.node.named import Named

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
TAX, SHENZHEN = "gd-440000-tax", "gd-440300-data"
HERE = Named("province", "CN-GD", "https://127.0.0.1:8012", "https://127.0.0.1:8013")
THERE = Named("shenzhen", "", "https://127.0.0.1:8022", "https://127.0.0.1:8023")


@pytest.fixture
def here(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Own]:
    """The founder; nobody is called back here."""
    settings.NODE_NAMED = HERE
    monkeypatch.setattr(enrolling, "_called_back", lambda url, root, code: None)
    founding.found_where_named()
    yield own.membership()


def applied(settings: Any, word: Word, **changes: Any) -> dict[str, Any]:
    """What the joining node sends, signed by its own key."""
    settings.NODE_NAMED = THERE
    shown = joining.application(**({"invitation": word.digest, "homes": []} | changes))
    settings.NODE_NAMED = HERE
    return {"application": shown.plain(), "proof": inviting.proof(word.secret, shown.document)}


def test_who_founds_an_instance_names_its_bodies_and_systems(here: Own) -> None:
    directory = directories.known("CN-GD", here.anchor)
    assert directory is not None and here.founded
    assert here.server == "CN-GD/GOV/gd-440000-data/province"
    peer = directory.peer(here.server)
    assert peer.url == HERE.gateway and peer.speaks_for(own.member("CN-GD", TAX))
    home = directory.home_of(own.member("CN-GD", "gd-440000-police", "population"))
    assert home is peer
    founding.found_where_named()
    assert KnownDirectory.objects.count() == 1, "nothing new is issued where nothing changed"


def test_a_node_joins_speaks_for_its_bodies_and_asked_again_is_the_same(
    here: Own, settings: Any
) -> None:
    word = inviting.invite(here, "shenzhen", ["4403"], "a test")
    told = applied(settings, word)
    answer = enrolling.take(here, told)
    assert answer["server"] == f"CN-GD/GOV/{SHENZHEN}/shenzhen"
    found = directories.keep(answer["directory"], "CN-GD", here.anchor)
    city = found.peer(answer["server"])
    assert city.speaks_for(own.member("CN-GD", SHENZHEN)) and city.url == THERE.gateway
    assert not found.peer(here.server).speaks_for(own.member("CN-GD", SHENZHEN))
    assert enrolling.take(here, told)["server"] == answer["server"]
    assert InstanceNode.objects.count() == 1
    kinds = [e.payload["node"] for e in node_evidence.reader().entries(kind="federation.invited")
             if e.payload]  # fmt: skip
    assert kinds[0] == answer["server"]


def test_what_is_not_as_invited_is_refused(here: Own, settings: Any) -> None:
    word = inviting.invite(here, "shenzhen", [TAX], "a test", systems=["credit"])
    good = applied(settings, word)
    other = Word("", "another-word-of-nobody-at-all", here.anchor)
    document = good["application"]["document"]
    altered = good["application"] | {"document": document.replace("8022", "9022")}
    for told, why in (
        (applied(settings, other), "invitation"),
        (good | {"proof": "0" * 64}, "invitation"),
        (good | {"application": altered}, "untrusted"),
        (good | {"application": None}, "untrusted"),
        (applied(settings, word, code="guangzhou"), "code"),
        (applied(settings, word, url="http://127.0.0.1:1"), "url"),
        (applied(settings, word, keys={"x": "y"}), "keys"),
        (applied(settings, word, homes=[["gd-440000-police", "credit"]]), "systems"),
        (applied(settings, word, homes=[[TAX, "population"]]), "systems"),
    ):
        with pytest.raises(NotTaken) as refused:
            enrolling.take(here, told)
        assert refused.value.why == why, (why, refused.value)
    assert not InstanceNode.objects.exists()
    enrolling.take(here, applied(settings, word, homes=[[TAX, "credit"]]))
    assert InstanceNode.objects.get().homes == [[TAX, "credit"]]


def test_an_invitation_ends_and_names_somebody(here: Own, settings: Any) -> None:
    for name, bodies, via, why in (
        ("X", [TAX], "", "code"),
        ("province", [TAX], "", "taken"),
        ("a-node", ["none"], "", "bodies"),
        ("a-node", [TAX], "nobody", "via"),
    ):
        with pytest.raises(NotPossible) as refused:
            inviting.invite(here, name, bodies, "a test", via=via)
        assert refused.value.why == why
    word = inviting.invite(here, "shenzhen", [TAX], "a test")
    late = Invitation.objects.get()
    made = {f.name: getattr(late, f.name) for f in late._meta.fields if f.name != "id"}
    made |= {"until": datetime.now(UTC) - timedelta(seconds=1), "digest": "0" * 64}
    Invitation.objects.create(**made)
    with pytest.raises(NotTaken) as ended:
        enrolling.take(here, _reproved(settings, word, "0" * 64))
    assert ended.value.why == "invitation_over"


def _reproved(settings: Any, word: Word, digest: str) -> dict[str, Any]:
    told = applied(settings, word, invitation=digest)
    told["proof"] = inviting.proof(word.secret, told["application"]["document"])
    return told


def test_a_node_tells_another_address_and_nobody_tells_it_for_it(here: Own, settings: Any) -> None:
    word = inviting.invite(here, "shenzhen", [TAX], "a test")
    server = enrolling.take(here, applied(settings, word))["server"]
    before = KnownDirectory.objects.count()
    same = applied(settings, word, server=server)
    enrolling.renew(here, same)
    assert KnownDirectory.objects.count() == before, "nothing has changed"
    moved = applied(settings, word, server=server, url="https://127.0.0.1:9022")
    enrolling.renew(here, moved)
    known = directories.known("CN-GD", here.anchor)
    assert known is not None and known.peer(server).url.endswith(":9022")
    for told, why in (
        (applied(settings, word, server="CN-GD/GOV/x/other"), "unknown"),
        (applied(settings, word, server=server, at="2020-01-01T00:00:00+00:00"), "clock"),
        ({"application": moved["application"] | {"signature": ""}}, "untrusted"),
    ):
        with pytest.raises(NotTaken) as refused:
            enrolling.renew(here, told)
        assert refused.value.why == why


def test_who_is_shut_out_is_named_no_more_and_an_older_directory_does_not_bring_it_back(
    here: Own, settings: Any
) -> None:
    word = inviting.invite(here, "shenzhen", [TAX], "a test")
    answer = enrolling.take(here, applied(settings, word))
    enrolling.shut_out(here, answer["server"], "an operator")
    known = directories.known("CN-GD", here.anchor)
    assert known is not None and answer["server"] not in known.servers
    assert known.peer(here.server).speaks_for(own.member("CN-GD", TAX)), "its bodies are ours again"
    with pytest.raises(NotADirectory, match="older"):
        directories.keep(answer["directory"], "CN-GD", here.anchor)
    with pytest.raises(NotTaken):
        enrolling.take(here, applied(settings, word))
    told = node_evidence.reader().entries(kind="federation.shut_out")[0].payload
    assert told and told["actor"] == "an operator"


def test_a_directory_of_another_root_is_none(here: Own) -> None:
    row = directories.newest("CN-GD")
    assert row is not None
    with pytest.raises(NotADirectory, match="not registered"):
        voices.believed(row.document, ["0" * 64], None, "CN-GD")
    with pytest.raises(NotADirectory, match="directory of CN-GD"):
        voices.believed(row.document, [here.anchor], None, "HK")
    assert consents.foreign.root_digest() == here.anchor


def test_a_node_without_a_name_belongs_to_nothing(settings: Any) -> None:
    settings.NODE_NAMED = None
    founding.found_where_named()
    with pytest.raises(own.NotNamed):
        own.membership()
