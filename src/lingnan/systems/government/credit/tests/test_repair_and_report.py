"""Repair by two officers, and reports that anybody can verify, over HTTP."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lingnan.kernel.exchange.api import give, single
from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.trust.api import Account, node_evidence
from lingnan.systems.government.credit import indicators
from lingnan.systems.government.credit.models import CreditEvent, Repair, Report
from lingnan.systems.government.credit.resources import RESOURCES
from tests.kernel.uses import identity
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def filed() -> tuple[Repair, CreditEvent, str]:
    """The demonstration's repair, its event, and its page."""
    made = Repair.objects.get(state="filed")
    event = CreditEvent.objects.get(number=made.event)
    return made, event, f"/desk/credit/repairs/{made.number}/"


def posts(event: CreditEvent) -> tuple[Person, Person, Person]:
    """The source, the officer who proposes and the one who decides."""
    city = f"{event.division[:4]}00"
    return (
        Person(f"{event.division}-market-data_officer"),
        Person(f"{city}-credit-records_officer"),
        Person(f"{city}-credit-data_officer"),
    )


def searched(words: str) -> str:
    return Person("resident-440106").post("/credit/", q=words)


def owner_of(event: CreditEvent) -> Person:
    for login in Account.objects.filter(login__startswith="owner-").values_list("login", flat=True):
        owner = Person(login)
        if event.credit_code in owner.get("/credit/mine/"):
            return owner
    raise AssertionError("nobody owns it")


def test_a_repair_needs_the_source_and_two_officers_and_ends_publicity_alone() -> None:
    made, event, url = filed()
    source, officer, decider = posts(event)
    assert url in officer.get("/desk/credit/") and event.what in searched(event.name)
    assert "不能准予" in officer.post(url, says="yes", words="符合条件")
    assert officer.status == 422
    source.post(url, says="yes")
    decider.post(url, says="yes", words="抢先")
    assert decider.status == 422
    officer.post(url, says="yes", words="符合条件")
    officer.post(url, says="yes", words="自己决定")
    assert officer.status == 422 and Repair.objects.get(key=made.key).state == "proposed"
    decider.post(url, says="yes", words="准予修复")
    made = Repair.objects.get(key=made.key)
    assert (made.state, made.decided_on) == ("granted", legal_time.today())
    assert event.what not in searched(event.name)
    assert event.what in owner_of(event).get("/credit/mine/")
    assert CreditEvent.objects.get(number=event.number).kept_until == event.kept_until
    assert indicators.repairs(legal_time.today())[event.division].value == 1


def test_who_proposed_does_not_decide_whatever_the_post() -> None:
    made, event, url = filed()
    source, officer, decider = posts(event)
    source.post(url, says="yes")
    officer.post(url, says="yes", words="符合条件")
    account = Account.objects.get(login=decider.login).key
    with action(by="a test", reason="one person at both posts") as act:
        act.change(Repair.objects.get(key=made.key), proposed_by=account)
    assert "不能作决定" in decider.post(url, says="yes", words="准予")
    assert Repair.objects.get(key=made.key).state == "proposed"


def test_what_the_law_bars_is_refused_with_reasons_and_may_be_asked_again() -> None:
    made, event, url = filed()
    source, officer, decider = posts(event)
    source.post(url, says="no")
    assert "来源单位同意" in officer.post(url, says="yes", words="符合条件")
    officer.post(url, says="no", words="来源单位不同意")
    decider.post(url, says="no", words="不予修复的理由")
    assert Repair.objects.get(key=made.key).state == "refused"
    owner = owner_of(event)
    assert "不予修复的理由" in owner.get("/messages/") and event.what in searched(event.name)
    again = {"act": "repair", "grounds": "已改正", "papers": "凭证", "fulfilled": "1"}
    owner.post(f"/credit/mine/events/{event.number}/", **again)
    assert Repair.objects.filter(event=event.number, state="filed").count() == 1
    owner.post(f"/credit/mine/events/{event.number}/", **again)
    assert owner.status == 422


def test_a_repair_is_for_its_source_and_its_handler_alone() -> None:
    _made, event, url = filed()
    stranger = Person("440300-credit-records_officer")
    assert event.division[:4] != "4403"
    stranger.get(url)
    assert stranger.status == 404


def report_of(event: CreditEvent) -> tuple[Person, Report]:
    guest = Person("resident-440106")
    guest.post("/credit/report/", code=event.credit_code)
    assert guest.status == 200, guest.text
    return guest, Report.objects.get(number=guest.url.strip("/").split("/")[-1])


def verified(guest: Person, content: bytes) -> str:
    upload: Any = SimpleUploadedFile("report.pdf", content, "application/pdf")
    return guest.post("/credit/verify/", file=upload)


def test_a_public_report_is_genuine_altered_or_superseded() -> None:
    _made, event, _url = filed()
    guest, report = report_of(event)
    issued = node_evidence.reader().by_subject("credit.creditevent", event.key)[0]
    assert issued.kind == "report.issued" and (issued.payload or {})["number"] == report.number
    assert "该编号的报告确系出具" in guest.text and event.name in guest.text
    sealed = guest.client.get(f"/credit/report/{report.number}.pdf").content
    assert sealed.startswith(b"%PDF-") and "该报告真实" in verified(guest, sealed)
    middle = len(sealed) // 2
    altered = sealed[:middle] + bytes([sealed[middle] ^ 1]) + sealed[middle + 1 :]
    assert "该文件已被改动" in verified(guest, altered)
    assert "没有签章" in verified(guest, b"%PDF-1.7 nothing")
    assert report_of(event)[1].number == report.number
    with action(by="a test", reason="corrected") as act:
        act.change(event, what="更正后的事由")
    assert report_of(event)[1].number != report.number
    assert "该报告已被更新" in verified(guest, sealed)
    guest.post("/credit/verify/", number=report.number)
    assert "该报告已被更新" in guest.text


def test_there_is_no_report_of_nothing_and_no_unknown_number() -> None:
    guest = Person("resident-440106")
    guest.post("/credit/report/", code="nobody")
    assert guest.status == 404
    guest.get("/credit/verify/CR00/")
    assert guest.status == 404 and "没有该编号的报告" in guest.text
    guest.post("/credit/verify/", number="")
    assert guest.status == 422


def test_the_full_report_is_for_its_party_alone() -> None:
    _made, event, _url = filed()
    owner = owner_of(event)
    asked = owner.client.post("/credit/mine/report/", {"code": event.credit_code}, follow=True)
    assert asked.status_code == 200 and asked.headers["Content-Type"] == "application/pdf"
    report = Report.objects.get(kind="own")
    stranger = Person("resident-440106")
    for url in (f"/credit/mine/report/{report.number}.pdf", f"/credit/report/{report.number}.pdf"):
        stranger.get(url)
        assert stranger.status == 404
    stranger.post("/credit/mine/report/", code=event.credit_code)
    assert stranger.status == 404
    assert "该报告真实" in verified(stranger, bytes(report.pdf))


def test_another_body_hears_yes_or_no_of_the_joint_lists() -> None:
    event = CreditEvent.objects.get(kind="serious_list")
    from lingnan.kernel.exchange.pseudonyms import resolve

    one = next(one for one in RESOURCES if one.code == "credit.joint_lists")
    key = resolve("organisation", "credit", [event.organisation])[event.organisation]
    subject = give("organisation", "gd-440103-market", [key])[key]
    use = identity(
        resource=one.code, purpose="credit_check", basis=one.basis,
        subjects=(subject,), elements=tuple(one.elements),
    )  # fmt: skip
    values = single(use)[0].values()
    assert values == {"credit.incentive_list": "no", "credit.punishment_list": "yes"}


def test_objections_and_events_are_counted() -> None:
    today = legal_time.today()
    assert indicators.objections_in_time(today) == {}
    figures = indicators.bad_events(today).values()
    assert all(0 <= one.numerator <= (one.denominator or 0) for one in figures)
    assert sum(one.denominator or 0 for one in figures) == (
        CreditEvent.objects.filter(ended=False).count()
    )
