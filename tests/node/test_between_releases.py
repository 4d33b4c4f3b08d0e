"""A node of the release before and one of this: joined, they ask, follow and tell each other.

The former is run from its own source. It is named by its commit, of which a checkout without
history knows nothing.
"""

import io
import json
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.node.pair import NAMED, RECORDED, SHOP, Node, Pair, Way
from tests.node.test_between_nodes import AGREED, FOLLOW, RENAMED, counted, until

ROOT = Path(__file__).resolve().parents[2]
BEFORE = "b25de0c0672ce9c343b7081ea93038a227b1a2e2"
"""The last commit whose messages this release has to understand; the next release names another."""
READ = """
import json, django; django.setup()
from lingnan.kernel.exchange.api import Use, introduce, single
from lingnan.kernel.trust.api import Account
subject = introduce(Account.objects.get(login="resident-440103").subject, to="gd-440103-fire")
answers = single(Use(resource="legal_persons.businesses_of_person", consumer="gd-440103-fire",
                     purpose="a_test", basis="《行政许可法》（2019-04-23）第三十三条", case="SP-1",
                     actor="a test", subjects=(subject,), elements=("business.scope",),
                     deadline=9.0))
print(json.dumps([row["values"] for answer in answers for row in answer.rows]))
"""


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source of the release before."""
    done = subprocess.run(
        ["git", "-C", str(ROOT), "archive", "--format=tar", BEFORE, "src"], capture_output=True
    )
    if done.returncode:
        pytest.skip("the release before is not in this checkout's history")
    folder = tmp_path_factory.mktemp("before")
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as content:
        content.extractall(folder, filter="data")
    return folder / "src"


@pytest.fixture(scope="module", params=["founder", "joining"])
def pair(
    request: pytest.FixtureRequest, before: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pair]:
    """Each in turn is of the release before."""
    there, back, folder = Way(), Way(), tmp_path_factory.mktemp(request.param)
    known = "population,online_services,trust_services"
    giver = Node(folder / "g", 1, "province", known, "--instance", "CN-GD", way=back)
    holder = Node(folder / "h", 2, "registry", "legal_persons,online_services", way=there)
    older = giver if request.param == "founder" else holder
    older.told["PYTHONPATH"] = str(before)
    try:
        for node in (giver, holder):
            node.start()
        for node in (giver, holder):
            node.up()
        both = Pair(giver, holder, there, back)
        both.joined()
        holder.python(RECORDED, giver.python(NAMED), SHOP)
        holder.python(AGREED)
        yield both
    finally:
        for node in (giver, holder):
            node.end()
        for way in (there, back):
            with suppress(OSError):
                way.close()


def test_they_join_and_ask(pair: Pair) -> None:
    assert "joined: CN-GD" in pair.joining
    rows = until(lambda: json.loads(pair.giver.python(READ)), "nothing was read")
    assert rows == [{"business.scope": "餐饮服务"}]
    assert pair.holder.evidence("exchange.read") and pair.giver.evidence("exchange.read")


def test_what_changes_is_told(pair: Pair) -> None:
    pair.giver.python(FOLLOW)
    until(lambda: counted(pair.giver)["following"] == ["following"], "not followed")
    pair.holder.python(RENAMED, "餐饮服务、小食店")
    until(lambda: len(counted(pair.giver)["arrived"]) == 1, "not told")
