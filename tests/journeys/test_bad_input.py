"""What people send by mistake or on purpose: a clear message, the right status, nothing lost."""

import pytest

from lingnan.kernel.content.files import LIMIT
from lingnan.kernel.matters.api import Case
from lingnan.kernel.matters.models import Application, Attachment
from tests.journeys.drafts import answer, begun
from tests.people import PDF, PLACE, SHOP, Person, pdf

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.kernel,
    pytest.mark.usefixtures("as_the_browser_gets_it"),
]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
PROOF = "file-premises_proof"


TEXTS = {
    "nothing": ("business_name", ""),
    "blanks": ("business_name", "   "),
    "too long": ("business_name", "店" * 61),
    "far too long": ("premises", "街" * 100_000),
    "a control character": ("business_name", "店\x07名"),
    "a nought character": ("business_name", "店\x00名"),
    "no telephone": ("phone", "我没有电话"),
    "a short telephone": ("phone", "12"),
    "a choice that is not offered": ("scope", "军火"),
    "a radio that is not offered": ("own_premises", "stolen"),
}


@pytest.mark.parametrize("fault", TEXTS)
def test_a_wrong_answer_is_said_by_its_field_and_what_was_typed_stays(
    resident: Person, fault: str
) -> None:
    draft, (name, value) = begun(resident), TEXTS[fault]
    page = resident.post(draft, **SHOP | {name: value}, go="1", **{PROOF: pdf()})
    assert resident.status == 422
    assert f'href="#id_{name}"' in page and f'id="id_{name}-error"' in page
    other = "premises" if name != "premises" else "business_name"
    assert SHOP[other] in page and answer(draft, other) == SHOP[other]
    if value.strip() and value.isprintable() and len(value) < 200:
        assert answer(draft, name) == value
    assert not Case.objects.filter(application__reference=draft.strip("/").split("/")[-1]).exists()


NUMBERS = ["", "abc", "-1", "0", "200001", "1e99", "inf", "nan", "1,000", "六十二", "0x10", "--5"]


@pytest.mark.parametrize("value", NUMBERS)
def test_a_number_that_is_none_or_out_of_bounds_is_said(value: str) -> None:
    owner = Person("owner-440103")
    owner.post("/matters/fire_safety_permit/begin/", body="gd-440103-fire")
    answers = PLACE | {"route": "inspection", "area": value, "go": "1"}
    page = owner.post(owner.url, **answers, **{"file-floor_plan": pdf()})
    assert owner.status == 422 and 'id="id_area-error"' in page
    assert f'value="{value}"' in page or not value


@pytest.mark.parametrize(
    "value", ["2026-02-30", "2026-13-01", "0000-01-01", "30.2.2026", "tomorrow", "99999-01-01"]
)
def test_a_day_that_does_not_exist_is_said(value: str) -> None:
    from lingnan.kernel.matters.form import Field

    field = Field.of({"name": "d", "type": "date", "title": {"zh": "日", "en": "day"}})
    with pytest.raises(ValueError, match=r"2026-03-02"):
        field.clean(value)


def test_missing_answers_are_all_said_at_once(resident: Person) -> None:
    draft = begun(resident)
    page = resident.post(draft, go="1")
    assert resident.status == 422
    for name in (*SHOP, PROOF):
        assert f'href="#id_{name}"' in page, name


FILES = {
    "empty": ("paper.pdf", b""),
    "too large": ("paper.pdf", PDF + bytes(LIMIT)),
    "another ending": ("paper.exe", PDF),
    "no ending": ("paper", PDF),
    "two endings": ("paper.pdf.html", PDF),
    "a PNG named PDF": ("paper.pdf", PNG),
    "a PDF named PNG": ("paper.png", PDF),
    "a page named PDF": ("paper.pdf", b"<script>alert(1)</script>"),
    "a name of control characters": ("\x00\x01", PDF),
}


@pytest.mark.parametrize("fault", FILES)
def test_a_file_that_is_not_what_it_should_be_is_said(resident: Person, fault: str) -> None:
    draft = begun(resident)
    page = resident.post(draft, **SHOP, go="1", **{PROOF: pdf(*FILES[fault])})
    assert resident.status in (413, 422)
    assert f'id="id_{PROOF}-error"' in page
    assert not Attachment.objects.exists()
    assert answer(draft, "business_name") == SHOP["business_name"]


@pytest.mark.parametrize("name", ["../../etc/passwd.pdf", "店" * 300 + ".pdf", "a'b; X=y.pdf",
                                  "<b>.pdf"])  # fmt: skip
def test_a_strange_name_of_a_good_file_does_no_harm(resident: Person, name: str) -> None:
    draft = begun(resident)
    resident.post(draft, **SHOP, go="1", **{PROOF: pdf(name)})
    assert resident.status == 200 and "<b>.pdf" not in resident.response.content.decode()
    kept = resident.client.get(f"{draft}files/premises_proof/")
    assert kept.content == PDF and "X" not in kept.headers


def test_a_file_for_no_material_is_not_taken(resident: Person) -> None:
    draft = begun(resident)
    resident.post(draft, **SHOP, go="1", **{"file-bomb": pdf()})
    assert resident.status == 404 and not Attachment.objects.exists()


@pytest.mark.parametrize("data", [
    {"dispute": "nothing"}, {"dispute": "a\r\nb"}, {"choose": "1", "record": "x:²"},
    {"choose": "1", "record": "population.identity:99"}, {"choose": "1"}, {"later": "1"},
    {"operator_name": "别人", "later": "1"},
])  # fmt: skip
def test_a_crooked_button_breaks_nothing(resident: Person, data: dict[str, str]) -> None:
    draft = begun(resident)
    resident.post(draft, **data)
    assert resident.status == 200
    assert answer(draft, "operator_name") != "别人"


@pytest.mark.parametrize("body", ["", "nobody", "gd-440103-fire", "gd-440000-market", "' OR 1=1"])
def test_a_body_that_does_not_handle_the_matter_is_asked_for_again(
    resident: Person, body: str
) -> None:
    resident.post("/matters/individual_business/begin/", body=body)
    assert resident.status == 200 and resident.url == "/matters/individual_business/"
    assert not Application.objects.exists()


def test_a_second_click_and_a_second_tab_make_no_second_case(resident: Person) -> None:
    draft = begun(resident)
    resident.post(draft, **SHOP, go="1", **{PROOF: pdf()})
    tab = Person("resident-440103")
    urls = set()
    for person in (resident, tab, resident):
        person.post(f"{draft}check/", submit="1")
        urls.add(person.url)
    assert len(urls) == 1 and Case.objects.count() == 1


def test_an_incomplete_application_is_not_submitted_by_its_address(resident: Person) -> None:
    draft = begun(resident)
    resident.post(f"{draft}check/", submit="1")
    assert resident.url == draft and Case.objects.count() == 0
