"""Tax details of a new business: confirmed on the day, with the least asked."""

import pytest

from lingnan.kernel.duty.api import clocks
from lingnan.kernel.matters.api import Case, Certificate, find
from tests.clockwork import advance
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
BODY = "gd-440103-tax"
BOOKS = {
    "phone": "13800000000",
    "accounting": "agent",
    "expected_monthly_sales": "30000",
    "invoice_need": "ordinary",
}


def file_tax(owner: Person) -> str:
    owner.post("/matters/tax_confirmation/begin/", body=BODY)
    owner.post(owner.url, **BOOKS, go="1")
    assert owner.url.endswith("/check/"), owner.text
    owner.post(owner.url, submit="1")
    return owner.url.strip("/").split("/")[-1]


def test_it_is_confirmed_on_the_day_without_a_paper() -> None:
    number = file_tax(Person("owner-440103"))
    Person("440103-tax-clerk").act(number, "accept")
    reviewer = Person("440103-tax-reviewer")
    reviewer.act(number, "decide", outcome="granted", reasons="登记信息与申报一致。")
    assert Case.objects.get(number=number).state == "delivered", reviewer.text
    readings = clocks.of_references([number])[number]
    assert {reading.card for reading in readings.values()} == {"green"}
    certificate = Certificate.objects.get(case__number=number)
    assert certificate.number == f"税确{number}"
    page = Person("resident-440106").get(f"/verify/{certificate.code}/")
    assert "请人代理记账" in page and "普通发票" in page


def test_the_day_after_is_too_late() -> None:
    number = file_tax(Person("owner-440103"))
    advance("1wd")
    readings = clocks.of_references([number])[number]
    assert readings["formal_check"].card == "red"


def test_it_asks_for_four_things_and_no_paper() -> None:
    found = find("tax_confirmation")
    assert found is not None
    matter = found[1]
    assert not matter.materials
    assert {field.name for field in matter.form.fields() if not field.bound} == set(BOOKS)
