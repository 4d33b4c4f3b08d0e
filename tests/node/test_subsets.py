"""Any subset of the systems: what is carried is served, what is not is said, nothing is lost."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lingnan.node import installed
from lingnan.node.walk.province import environment as bare
from tests.nodes import copied

LOOK = """
import json, django
django.setup()
from django.apps import apps
from django.test import Client
from lingnan.kernel.matters.api import published, published_events, find
from lingnan.node.carried import systems
from lingnan.node.models import Part
def rows():
    return {m._meta.label_lower: m._default_manager.count() for m in apps.get_models()
            if m.__module__.startswith("lingnan.systems")}
client = Client(raise_request_exception=False)
print("LOOK" + json.dumps({
    "systems": sorted(systems()), "matters": sorted(m.code for _d, m in published()),
    "events": sorted(e.code for _d, e in published_events(published())), "rows": rows(),
    "parts": sorted(Part.objects.values_list("system", flat=True)),
    "home": client.get("/").content.decode(), "signin": client.get("/signin/").status_code,
    "business": client.get("/matters/individual_business/").status_code,
    "places": client.get("/api/geography/divisions").status_code,
}))
"""


class Folder:
    """A data folder that is prepared and looked at as its environment says."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.seen: dict[str, Any] = {}

    def prepare(self, systems: str = "") -> str:
        return self._python(["-m", "lingnan.node.prepare", "600"], systems).stdout

    def look(self, systems: str = "") -> dict[str, Any]:
        said = self._python(["-c", LOOK], systems).stdout
        self.seen = json.loads(said.partition("LOOK")[2])
        return self.seen

    def _python(self, words: list[str], systems: str) -> "subprocess.CompletedProcess[str]":
        told = {"LINGNAN_DATA": str(self.data), "LINGNAN_MODE": "demonstration"}
        told |= {"DJANGO_SETTINGS_MODULE": "lingnan.node.settings"}
        clean = {k: v for k, v in bare().items() if k != "LINGNAN_SYSTEMS"}
        done = subprocess.run(
            [sys.executable, *words],
            env=clean | told | ({"LINGNAN_SYSTEMS": systems} if systems else {}),
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done


# The province, and the two children whose births its counters have entered since.
PEOPLE = 600 + 2
TWO = "government/population,government/trust_services"
MORE = f"{TWO},legal_persons,government/online_services,government/resource_exchange"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return Folder(tmp_path_factory.mktemp("subset"))


def test_two_systems_are_a_node(folder: Folder) -> None:
    folder.prepare(TWO)
    seen = folder.look()  # nothing said: as the folder was last served
    assert seen["systems"] == TWO.split(",") == seen["parts"]
    assert seen["matters"] == [] and seen["events"] == []
    assert {name.partition(".")[0] for name in seen["rows"]} == {"population", "trust_services"}
    assert seen["rows"]["population.resident"] == PEOPLE
    assert (seen["signin"], seen["business"], seen["places"]) == (200, 404, 404)


def test_more_systems_join_with_their_part_of_the_same_world(
    folder: Folder, tmp_path: Path
) -> None:
    said = folder.prepare(MORE)
    assert "新系统" in said and "government/legal_persons" in said
    seen = folder.look()
    assert "individual_business" in seen["matters"] and seen["business"] == 200
    assert seen["rows"]["legal_persons.individualbusiness"] > 10
    assert seen["rows"]["population.resident"] == PEOPLE, "a part is loaded once"
    at_once = Folder(tmp_path / "at_once")
    at_once.prepare(MORE)
    assert at_once.look()["rows"] == seen["rows"]


def test_fewer_systems_lose_nothing(folder: Folder) -> None:
    if "individual_business" not in folder.seen.get("matters", []):
        folder.prepare(MORE)
        folder.look()
    before = folder.seen["rows"]
    said = folder.prepare(TWO)
    assert "not served by this node: government/legal_persons" in said
    fewer = folder.look()
    assert fewer["matters"] == [] and fewer["business"] == 404
    assert "individual_business" not in fewer["home"]
    assert "government/legal_persons" in fewer["parts"]
    again = folder.prepare(MORE)
    assert "新系统" not in again and "loading" not in again
    assert folder.look()["rows"] == before


def test_a_life_event_without_its_members_is_left_out(prepared: Path, tmp_path: Path) -> None:
    """Its file stands in online_services; food licences are another system's."""
    whole, part = Folder(copied(prepared, tmp_path / "whole")), Folder(tmp_path / "part")
    ids = [s.id for s in installed.found()]
    said = part.prepare(",".join(one for one in ids if one != "catering_safety"))
    assert whole.look()["events"] and "✗" not in said
    seen = part.look()
    assert seen["events"] == [] and "individual_business" in seen["matters"]


def test_the_choice_of_a_folder_is_all_unless_something_is_left_out(tmp_path: Path) -> None:
    every = installed.found()
    assert installed.chosen(tmp_path, "") == installed.ALL
    installed.keep(tmp_path, every[:2])
    assert installed.installed_systems(installed.chosen(tmp_path, "")) == every[:2]
    path = tmp_path / "keys" / "systems"
    path.write_text(f"{every[0].name},group/removed_from_the_source\n")
    assert installed.chosen(tmp_path, "") == every[0].name
    with pytest.raises(installed.UnknownSystem):
        installed.installed_systems("group/removed_from_the_source")
    assert installed.chosen(tmp_path, "all") == "all"
    installed.keep(tmp_path, every)
    assert installed.chosen(tmp_path, "") == "all"


@pytest.mark.parametrize("word", ["populations", "goverment/population", "society/population"])
def test_an_unknown_system_is_refused_with_what_is_near(word: str, tmp_path: Path) -> None:
    with pytest.raises(installed.UnknownSystem, match="government/population"):
        installed.installed_systems(f"trust_services,{word}")
    done = subprocess.run(
        [sys.executable, "-m", "lingnan.node.command", "up", "--data", str(tmp_path / "new"),
         "--systems", word],
        env=bare(), capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert f"no such system: {word}" in done.stdout and "government/population" in done.stdout
    assert not (tmp_path / "new").exists(), "a refused start leaves nothing"


def test_what_is_like_nothing_names_the_list() -> None:
    with pytest.raises(installed.UnknownSystem, match=r"\./lingnan systems"):
        installed.installed_systems("zzzzqqqq")


@pytest.mark.django_db
def test_an_act_of_a_system_that_is_not_carried_is_put_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """A case is kept when its system is left out; deciding it waits until the system is back."""
    from django.apps import apps

    from lingnan.kernel.matters.api import Case
    from tests.people import Person, file_business

    number = file_business(Person("resident-440103"))
    Person("440103-market-clerk").act(number, "accept")
    reviewer, known = Person("440103-market-reviewer"), apps.get_app_config

    def without(label: str) -> Any:
        if label == "legal_persons":
            raise LookupError("No installed app with label 'legal_persons'.")
        return known(label)

    monkeypatch.setattr(apps, "get_app_config", without)
    reviewer.client.raise_request_exception = False
    page = reviewer.act(number, "decide", outcome="granted", reasons="材料齐全。")
    assert reviewer.status == 503 and "稍后" in page
    assert Case.objects.get(number=number).state not in ("decided", "delivered")
    monkeypatch.undo()
    reviewer.act(number, "decide", outcome="granted", reasons="材料齐全。")
    assert reviewer.status == 200
