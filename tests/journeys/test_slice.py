"""The slice as its people live it, over HTTP."""

import pytest
from django.test import Client

from tests.people import SECOND, Person, file_business, file_fire, register_business

pytestmark = pytest.mark.django_db


@pytest.mark.kernel
def test_a_resident_registers_a_business_and_gets_a_fire_permit() -> None:
    resident = Person("resident-440103")
    number = register_business(resident)
    page = resident.get(f"/cases/{number}/")
    assert "已办结" in page and "营业执照" in page

    permit = file_fire(resident, "inspection")
    Person("440103-fire-clerk").act(permit, "accept")
    inspector = Person("440103-fire-inspector")
    inspector.act(permit, "step", outcome="meets", findings="疏散通道畅通。", officer=SECOND)
    assert inspector.status == 200, inspector.text
    head = Person("440103-fire-head")
    head.act(permit, "decide", outcome="granted", reasons="经检查符合消防安全要求。")
    assert head.status == 200, head.text
    wallet = resident.get("/certificates/")
    assert "营业执照" in wallet and "消防安全检查" in wallet

    looked = resident.get("/looked/")
    assert "市场监督管理局" in looked and "消防救援" in looked and permit in looked


def test_the_certificate_is_verified_by_anybody() -> None:
    resident = Person("resident-440103")
    number = register_business(resident)
    from lingnan.kernel.matters.api import Certificate

    certificate = Certificate.objects.get(case__number=number)
    page = Client().get(f"/verify/{certificate.code}/")
    assert page.status_code == 200
    assert "本省签发过这份证照" in page.content.decode()


def test_a_second_submission_gets_the_same_case() -> None:
    resident = Person("resident-440103")
    number = file_business(resident)
    from lingnan.kernel.matters.models import Application

    draft = Application.objects.get(case_number=number)
    resident.post(f"/apply/{draft.reference}/check/", submit="1")
    assert resident.url == f"/cases/{number}/"
