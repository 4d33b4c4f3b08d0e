"""Alerts: opened and closed once, acknowledged with words; what is seen, waits and ends."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lingnan.kernel.duty.models import Message
from lingnan.kernel.exchange.following.models import Following
from lingnan.kernel.exchange.models import Alert, Telling, Traffic
from lingnan.kernel.exchange.traffic import buckets, counting
from lingnan.kernel.exchange.watching import ending, judging, queues, rules, seeing
from lingnan.kernel.exchange.watching.seeing import Sign
from lingnan.kernel.trust.api import Account, node_evidence
from tests.kernel.uses import evidence_down
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
OPERATOR, SILENT = "440000-data-operator", Sign("silent", "CN-GD/GOV/x/city", "5")


def minutes(count: float) -> datetime:
    return NOW + timedelta(minutes=count)


def judged(at: float, *signs: Sign) -> tuple[int, int]:
    opened, closed = judging.judge(signs, minutes(at))
    judging.tell(opened, closed)
    return len(opened), len(closed)


def letters() -> list[Message]:
    return list(Message.objects.filter(account=Account.objects.get(login=OPERATOR).pk,
                                       link=judging.PAGE).order_by("key"))  # fmt: skip


def test_an_alert_is_told_once_when_it_stays_and_once_when_it_is_over() -> None:
    assert judged(0, SILENT) == (0, 0) and not letters(), "seen, not yet told"
    assert judged(1, SILENT) == (0, 0)
    assert judged(3, SILENT) == (1, 0)
    assert judged(4, SILENT) == judged(5, SILENT) == (0, 0)
    assert len(letters()) == 1 and "告警" in letters()[0].subject_zh
    assert judged(6) == (0, 0), "gone for a moment"
    assert judged(7, SILENT) == judged(8) == judged(9) == (0, 0)
    assert judged(10) == (0, 1)
    assert judged(11) == (0, 0)
    assert [one.subject_en[:5] for one in letters()] == ["Alert", "Over:"]
    assert Alert.objects.get().state == "closed"


def test_what_flickers_is_never_told() -> None:
    for at in range(21):
        judged(at, *([SILENT] if at % 2 else []))
    assert not letters() and not Alert.objects.exists()


def test_two_of_a_rule_are_two_and_one_again_is_another() -> None:
    other = Sign("silent", "CN-GD/GOV/x/county", "3")
    judged(0, SILENT, other)
    assert judged(3, SILENT, other) == (2, 0)
    assert judged(7) == (0, 2)
    judged(8, SILENT)
    assert judged(11, SILENT) == (1, 0)
    assert Alert.objects.filter(rule="silent").count() == 3


def opened() -> Alert:
    judged(0, SILENT)
    judged(3, SILENT)
    return Alert.objects.get(state="open")


def test_an_operator_acknowledges_with_words_which_stay_in_the_evidence() -> None:
    row, person = opened(), Person(OPERATOR)
    person.get("/operating/")
    assert "1 项告警" in person.text and "对方节点没有应答" in person.text
    person.get("/operating/alerts/")
    assert "核对对方网关地址和证书" in person.text
    person.post("/operating/alerts/", act=f"seen-{row.pk}", words="")
    assert person.status == 422 and not Alert.objects.get().said
    person.post("/operating/alerts/", act=f"seen-{row.pk}", words="已联系对方运维员")
    row.refresh_from_db()
    assert row.said == "已联系对方运维员" and row.state == "open"
    (entry,) = node_evidence.reader().entries("operating.alert_acknowledged", limit=1)
    assert entry.payload and entry.payload["reason"] == "已联系对方运维员"
    person.get("/operating/alerts/")
    assert "已联系对方运维员" in person.text and "确认</button>" not in person.text


def test_without_evidence_nothing_is_acknowledged_and_what_is_over_cannot_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row, person = opened(), Person(OPERATOR)
    with evidence_down(monkeypatch):
        person.post("/operating/alerts/", act=f"seen-{row.pk}", words="看过")
    assert not Alert.objects.get().said
    judged(10)
    person.post("/operating/alerts/", act=f"seen-{row.pk}", words="看过")
    assert not Alert.objects.get().said


@pytest.mark.parametrize("login", ["resident-440103", "440000-data-data_officer"])
def test_nobody_else_acknowledges(login: str) -> None:
    row, person = opened(), Person(login)
    person.post("/operating/alerts/", act=f"seen-{row.pk}", words="看过")
    assert person.status == 403 and not Alert.objects.get().said


def traffic(number: int, outcome: str = counting.OK, micro: int = 1000, way: str = counting.OUT,
            service: str = "CN-GD/GOV/b/permits/identity") -> None:  # fmt: skip
    Traffic.objects.create(
        at=minutes(-2), way=way, client="CN-GD/GOV/a/desk", service=service, outcome=outcome,
        consumer_node="CN-GD/GOV/x/here", provider_node="CN-GD/GOV/x/there", number=number, size=0,
        last=minutes(-1), durations=buckets.plain({buckets.bucket(micro): number}),
    )  # fmt: skip


def seen(rule: str) -> list[tuple[str, str]]:
    return [(one.about, one.figure) for one in seeing.signs(NOW) if one.rule == rule]


@pytest.mark.parametrize(
    ("rule", "before", "more", "about"),
    [
        ("errors", lambda: traffic(95), lambda: traffic(6, counting.FAILED), "permits.identity"),
        ("errors", lambda: traffic(1, counting.FAILED), lambda: traffic(19, counting.UNAVAILABLE),
         "permits.identity"),
        ("slow", lambda: traffic(500), lambda: traffic(6, micro=2_100_000), "permits.identity"),
        ("silent", lambda: traffic(2, counting.UNAVAILABLE),
         lambda: traffic(1, counting.UNAVAILABLE), "CN-GD/GOV/x/there"),
    ],
)  # fmt: skip
def test_traffic_beyond_a_limit_is_seen(
    rule: str, before: Callable[[], None], more: Callable[[], None], about: str
) -> None:
    before()
    assert seen(rule) == []
    more()
    assert [name for name, _figure in seen(rule)] == [about]


def test_a_refusal_is_an_answer_and_no_error() -> None:
    traffic(50, counting.DENIED)
    traffic(10, counting.UNAVAILABLE)
    assert seen("silent") == []
    Traffic.objects.filter(outcome=counting.UNAVAILABLE).delete()
    assert seen("errors") == []


def test_what_waits_for_too_long_or_for_an_operator_is_seen() -> None:
    values: dict[str, Any] = {
        "server": "s", "resource": "r", "consumer": "c", "subject": "p", "purpose": "p",
        "basis": "b", "elements": [], "reference": "x", "listener": "l",
    }  # fmt: skip
    row = Following.objects.create(**values, next_at=minutes(0))
    assert seen("queue") == []
    row.attempts, row.next_at = 30, minutes(5)
    row.save()
    assert [about for about, _figure in seen("queue")] == ["followings"]
    (followings,) = [one for one in queues.queues() if one.code == "followings"]
    assert followings.number == 1 and followings.oldest
    waited = queues.waited(30, timedelta(minutes=30))
    assert followings.oldest == minutes(5) - waited and waited > timedelta(hours=10)
    assert not Telling.objects.exists()


def test_another_clock_is_measured_by_what_was_signed() -> None:
    at = datetime(2026, 3, 2, 4, 0, 10, 500_000, tzinfo=UTC)
    for created, took, skew in (
        (at.timestamp() - 0.5, 300, 0.0), (at.timestamp() + 8.5, 300, 8.5),
        (at.timestamp() - 20.5, 500, -19.0), (at.timestamp() - 20.5, 25_000, 0.0),
        (at.timestamp() - 20.5, None, 0.0),
    ):  # fmt: skip
        assert seeing._skew(int(created), at, took) == pytest.approx(skew, abs=0.01), created


def test_own_keys_authorities_and_terms_stand_by_nearness() -> None:
    found = ending.endings()
    kinds = [one.kind for one in found]
    assert {"root", "issuing"} <= set(kinds)
    assert [one.left for one in found] == sorted(one.left for one in found)
    assert all(0 <= one.used <= 1 for one in found)
    person = Person(OPERATOR)
    person.get("/operating/keys/")
    assert person.status == 200 and "本节点根证书" in person.text


@pytest.mark.parametrize(("days", "stages"), [(200, []), (20, ["root 30"]), (6.5, ["root 7"]),
                                              (0.5, ["root 1"])])  # fmt: skip
def test_a_key_that_ends_is_told_at_each_nearness(
    monkeypatch: pytest.MonkeyPatch, days: float, stages: list[str]
) -> None:
    left = timedelta(days=days)
    one = ending.Ending("root", "r", NOW + left, left)
    own = ending.Ending("channel", "c", NOW + left, left, renews_itself=True)
    monkeypatch.setattr(ending, "endings", lambda now: [one, own])
    told = [about for about, _figure in seen("key")]
    assert [about for about in told if about.startswith("root")] == stages
    assert ("channel 30" in told) is False, "what renews itself is told only where it did not"


def test_a_full_disk_is_seen_and_one_look_that_fails_holds_up_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    room = type("Room", (), {"free": 5, "total": 100})
    monkeypatch.setattr(seeing.shutil, "disk_usage", lambda path: room)
    monkeypatch.setattr(queues, "queues", lambda: 1 / 0)
    assert len(seen("disk")) == 1 and seen("queue") == []


def test_each_rule_has_words_and_each_sign_a_rule() -> None:
    assert {"errors", "slow", "silent", "queue", "key", "directory", "clock", "disk"} == set(
        rules.RULES
    )
    for one in rules.RULES.values():
        assert one.title.zh and one.todo.zh and one.page.startswith("/operating/")


def test_the_digest_of_a_signature_names_a_message() -> None:
    from lingnan.kernel.exchange.tracing import verifying

    assert verifying.signature_digest("") == verifying.signature_digest("no base64!") == ""
    assert len(verifying.signature_digest(base64.b64encode(b"x" * 64).decode())) == 32
