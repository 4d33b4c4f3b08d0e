"""Clocks over HTTP and in time: warnings, overruns that stay, prolonging, custody anew."""

from datetime import timedelta

import pytest
from django.db import transaction

from lingnan.kernel.duty.api import Message
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Account
from lingnan.systems.government.justice_network import (
    clocking,
    ledger,
    measures,
    prolonging,
    watching,
)
from lingnan.systems.government.justice_network.ledger import NotPossible
from lingnan.systems.government.justice_network.models import Case, Term, TermEvent
from lingnan.systems.government.justice_network.tests import offices as of
from lingnan.systems.government.justice_network.tests.test_packages import detained, hand

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def told(login: str) -> set[str]:
    account = Account.objects.get(login=login)
    return set(Message.objects.filter(account=account.key).values_list("subject_zh", flat=True))


def term(case: Case, rule: str) -> Term:
    return next(one for one in clocking.running(case) if one.rule == rule)


def test_custody_warns_officer_head_and_prosecutor_and_an_overrun_stays_for_good() -> None:
    case = detained()
    for one in clocking.running(case, measures.DUTIES):
        clocking.finish(one, hand("investigator"), "已办")
    assert watching.sweep() == 0
    of.later(2)
    assert TermEvent.objects.filter(term__case=case, kind="warned").count() == 0
    of.later(1)
    watching.sweep()
    assert TermEvent.objects.filter(term__case=case, kind="warned").count() == 1
    for name in ("investigator", "police_head", "custody"):
        assert "期限即将届满" in told(of.LOGINS[name]), name
    assert told(of.LOGINS["judge"]) == set()
    of.later(1)
    overrun = TermEvent.objects.get(term__case=case, kind="overrun")
    assert watching.sweep() == 0  # once
    with pytest.raises(NotPossible):
        prolonging.ask(overrun.term, hand("investigator"), "special", "", 4)
    with pytest.raises(Exception, match="TermEvent"), transaction.atomic():
        overrun.delete()
    with pytest.raises(Exception, match="lingnan"), transaction.atomic():
        TermEvent.objects.filter(pk=overrun.pk)._raw_delete("default")
    page = of.person("custody").get("/desk/justice/custody/")
    assert "超期" in page and "合成甲" in page and case.number in page
    assert "任何人不能修改" in of.person("investigator").get(
        f"{ledger.link(case)}clocks/{prolonging.reference(overrun.term)}/"
    )


def test_a_detention_is_prolonged_by_the_head_over_http() -> None:
    case = detained()
    link = ledger.link(case)
    clock = f"{link}clocks/{prolonging.reference(term(case, 'detention'))}/"
    officer, head = of.person("investigator"), of.person("police_head")
    officer.post(clock, act="ask", way="special", days="5", text="特殊情况")
    assert officer.status == 409 and "法律允许" in officer.text
    officer.post(clock, act="ask", way="", days="4", text="")
    assert officer.status == 422
    officer.post(clock, act="ask", way="special", days="4", text="特殊情况")
    assert officer.status == 200
    officer.post(clock, act="answer", granted="yes", text="同意")
    assert officer.status == 409
    before = clocking.read(term(case, "detention")).due
    head.post(clock, act="answer", granted="yes", text="同意")
    assert head.status == 200
    assert clocking.read(term(case, "detention")).due == before + timedelta(days=4)
    stranger = of.person("judge")
    stranger.get(clock)
    assert stranger.status == 404


def arrested() -> Case:
    """A case whose person was detained and then arrested, as the procuratorate approved."""
    case = detained()
    ledger.enter(case, "approve_arrest", "investigation", hand("chief"))
    police = hand("investigator")
    measures.take(case.suspects.get(), "arrest", police, police.at, "", "合成理由")
    return case


def test_custody_is_counted_anew_only_while_it_runs() -> None:
    case = detained()
    with pytest.raises(NotPossible):  # nobody is arrested yet
        measures.restart(case.suspects.get(), hand("investigator"), legal_time.now(), "另有罪行")
    with pytest.raises(NotPossible):  # and it is known who the person is
        measures.identify(case.suspects.get(), hand("investigator"), legal_time.now(), "某某")


def test_an_unknown_person_is_counted_from_when_it_is_known_who_it_is() -> None:
    case = detained()
    ledger.enter(case, "approve_arrest", "investigation", hand("chief"))
    person = of.person("investigator")
    link = ledger.link(case)
    person.post(
        f"{link}add/person/", name="自报某某", identity_number="", unknown="1", charge="诈骗罪",
        charge_basis="",
    )  # fmt: skip
    assert person.url == link
    of.detain(person, link, "arrest", suspect=2)
    unknown = case.suspects.get(unknown=True)
    assert [one.rule for one in clocking.running(case) if one.suspect == unknown] == [
        "family", "interrogation",
    ]  # fmt: skip
    assert not watching.uncovered(measures.open_measures(unknown)[0])
    of.later(10)
    person.post(
        f"{link}add/restart/", person=unknown.number, why="identity", text="真名某某", **of.moment()
    )
    assert person.url == link, person.said
    custody = next(one for one in clocking.running(case, ("custody",)) if one.suspect == unknown)
    assert custody.started_at == legal_time.now()
    # Art. 160 again: another serious crime starts it anew.
    of.later(5)
    person.post(
        f"{link}add/restart/", person=unknown.number, why="new_crime", text="另有重要罪行",
        **of.moment(),
    )  # fmt: skip
    again = next(one for one in clocking.running(case, ("custody",)) if one.suspect == unknown)
    assert again.key != custody.key and again.started_at == legal_time.now()


def test_custody_without_any_clock_is_named_and_a_release_ends_it() -> None:
    case = detained()
    measure = measures.open_measures(case.suspects.get())[0]
    clocking.end(case, ("detention",), hand("investigator"))
    assert watching.uncovered(measure)
    link = ledger.link(case)
    assert "无期限依据的羁押" in of.person("custody").get("/desk/justice/custody/")
    officer = of.person("investigator")
    assert "应当予以释放" in officer.get(link)
    officer.post(f"{link}add/lift/", person=case.suspects.get().number, why="不应当拘留")
    assert officer.url == link and "应当予以释放" not in officer.text
    assert list(watching.custody(case.division)) == []


def test_days_of_a_mental_examination_do_not_count() -> None:
    case = arrested()
    custody = term(case, "custody")
    before = clocking.read(custody).due
    officer = of.person("investigator")
    clock = f"{ledger.link(case)}clocks/{prolonging.reference(custody)}/"
    officer.post(clock, act="suspend", text="精神病鉴定")
    assert officer.status == 200, officer.said
    of.later(80)
    assert not TermEvent.objects.filter(term=custody, kind="overrun").exists()
    officer.post(clock, act="resume")
    assert clocking.read(term(case, "custody")).due == before + timedelta(days=80)
