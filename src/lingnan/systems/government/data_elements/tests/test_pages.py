"""The register over HTTP: all read it, the office changes it by two, each body has its report."""

import csv
import io
import json
import re

import pytest
from django.test import Client

from lingnan.systems.government.data_elements import conformance
from lingnan.systems.government.data_elements.models import DataElement, ElementMapping, Finding
from lingnan.systems.government.data_elements.views import exports
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
BASE, DESK, REPORT = "/data-elements/", "/desk/data-elements/", "/desk/data-elements/report/"
OFFICER, HEAD = "440000-data-data_officer", "440000-data-head"
DEFINED = "经营者在登记机关登记的姓和名。"


def public(url: str) -> str:
    answer = Client().get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return answer.content.decode()


def test_everybody_finds_an_element_and_reads_what_it_means() -> None:
    page = public(f"{BASE}?q=身份证号")
    assert "person.identity_number" in page and "person.sex" not in page
    page = public(f"{BASE}person.sex/")
    for words in ("自然人在户口登记中记载的男女之别", "自然人", "居民身份信息", "广东省公安厅",
                  "Patient.gender", "GB/T 2261"):  # fmt: skip
        assert words in page, words
    assert "/desk/records/" not in page
    assert Client().get(f"{BASE}no.such/").status_code == 404


@pytest.mark.parametrize(
    "asked", ["q=没有这样的数据元", "q=，", "object_class=household&status=retired"]
)
def test_what_fits_nothing_says_so(asked: str) -> None:
    assert "没有符合的数据元" in public(f"{BASE}?{asked}")


@pytest.mark.parametrize("asked", ["status=%22&object_class=nobody", "from=x&q=姓名", "from=99999"])
def test_a_bad_choice_is_none(asked: str) -> None:
    public(f"{BASE}?{asked}")


def test_all_are_gone_through_by_identifier() -> None:
    seen: list[str] = []
    where = BASE
    while where:
        page = public(where)
        seen += re.findall(r'href="/data-elements/([a-z_]+\.[a-z_]+)/"', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        where = BASE + following[1].replace("&amp;", "&") if following else ""
    assert seen == sorted(DataElement.objects.values_list("code", flat=True))


def test_standards_say_how_surely_they_are_known_and_what_is_bound() -> None:
    page = public(f"{BASE}standards/")
    assert "GB 11643" in page and f"{BASE}person.identity_number/" in page
    assert "未经核实" in page and "HJ 633-2026" in page


def test_programs_read_the_register_and_the_mappings() -> None:
    text = public(f"{BASE}register.csv").removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == DataElement.objects.count()
    assert len(list(csv.DictReader(io.StringIO(public(f"{BASE}mappings.csv"))))) > 5
    told = json.loads(public(f"{BASE}mappings.json"))["mappings"]
    sex = [one for one in told if one["target"] == "Patient.gender"]
    assert sex[0]["match"] == "skos:closeMatch" and sex[0]["values"] == {"1": "male", "2": "female"}


def test_json_ld_says_the_same_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "PAGE", 40)
    named: list[str] = []
    where = f"{BASE}register.jsonld"
    while where:
        said = json.loads(public(where))
        named += [one["dct:identifier"] for one in said["@graph"] if "dct:identifier" in one]
        views = [one for one in said["@graph"] if "hydra:next" in one]
        where = views[0]["hydra:next"]["@id"].removeprefix("http://testserver") if views else ""
    assert named == sorted(DataElement.objects.values_list("code", flat=True))
    (one,) = json.loads(public(f"{BASE}person.sex/jsonld/"))["@graph"]
    assert one["mdr:valueDomain"]["@type"] == "mdr:EnumeratedValueDomain"
    assert {each["skos:notation"] for each in one["skos:closeMatch"]} == {
        "Patient.gender",
        "GENDER",
    }
    assert ElementMapping.objects.filter(element="person.sex").count() == 2


def test_a_definition_holds_when_a_second_official_has_confirmed_it() -> None:
    officer = Person(OFFICER)
    page = officer.get(f"{BASE}business.operator_name/")
    change = re.search(r'href="(/desk/records/data_elements/dataelement/[^"]+/change/)"', page)
    assert change
    page = officer.get(change[1])
    sent = dict(re.findall(r'name="(v_\w+|version)"[^>]*? value="([^"]*)"', page))
    sent |= {"v_definition_zh": DEFINED, "v_edition": "2", "v_status": "candidate",
             "v_datatype": "text", "reason": "标准化机构定义", "valid_from": "2026-03-02",
             "v_definition_en": "Under what a trader is entered.", "step": "do"}  # fmt: skip
    officer.post(change[1], **sent)
    assert officer.status == 200 and "/desk/proposals/" in officer.url, officer.said
    proposal = officer.url
    assert DataElement.objects.get(code="business.operator_name").definition_zh == ""
    head = Person(HEAD)
    head.get(proposal)
    head.post(proposal, act="confirm", reason="说明了本质")
    assert DataElement.objects.get(code="business.operator_name").definition_zh == DEFINED
    page = public(f"{BASE}business.operator_name/")
    assert DEFINED in page and "第 2 版" in page.replace("第2版", "第 2 版")


def test_the_office_sees_what_is_to_be_defined_and_others_do_not() -> None:
    assert "待定义" in Person(OFFICER).get(DESK)
    assert "/change/" in Person(OFFICER).get(DESK)
    for login in ("440103-market-data_officer", "resident-440103"):
        person = Person(login)
        person.get(DESK)
        assert person.status == 403, login


def test_each_body_reads_its_own_report_and_the_authority_all() -> None:
    officer = Person(OFFICER)
    officer.post(f"{DESK}compare/")
    assert officer.url == REPORT and "国家税务总局广东省税务局" in officer.text
    assert "超出数据元允许的长度" in officer.get(f"{REPORT}tax/?kind=faults")
    tax = Person("440000-tax-data_officer")
    assert "最多 60 字，此处允许 200 字" in tax.get(REPORT)
    assert "广东省市场监督管理局数据元符合性" not in tax.text
    for where in (f"{REPORT}market/", f"{REPORT}nobody/", f"{REPORT}findings.csv?function=market"):
        tax.get(where)
        assert tax.status == 404, where
    rows = list(csv.DictReader(io.StringIO(tax.get(f"{REPORT}findings.csv"))))
    assert {row["element"] for row in rows} == set(
        Finding.objects.filter(function="tax").values_list("element", flat=True)
    )


def test_a_county_s_data_officer_cannot_begin_the_round() -> None:
    person = Person("440103-data-data_officer")
    person.post(f"{DESK}compare/")
    assert not Finding.objects.exists()


def test_long_lists_go_on() -> None:
    conformance.recompute()
    officer = Person(OFFICER)
    page = officer.get(f"{REPORT}market/")
    following = re.search(r'rel="next" href="(\?[^"]+)"', page)
    assert following
    assert page.count("<tr") > 10
    assert officer.get(f"{REPORT}market/" + following[1].replace("&amp;", "&")) != page
    officer.get(f"{REPORT}market/?after=x&kind=%22")
    assert officer.status == 200
