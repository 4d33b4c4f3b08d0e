"""Another instance under its own anchor: asked under arrangements alone, ended at once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from lingnan.kernel.exchange.api import Agreement, partners
from lingnan.kernel.exchange.federation import directories, enrolling, founding, own
from lingnan.kernel.exchange.federation.models import KnownDirectory
from lingnan.kernel.exchange.messages import voices
from lingnan.kernel.exchange.messages.directory_text import NotADirectory
from lingnan.kernel.runtime.api import legal_time
from lingnan.node.named import Named
from lingnan.standards.xroad import Identifier
from tests.kernel import abroad
from tests.kernel.abroad import Harbour, Line
from tests.messages.nodes import Keeper

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
HERE = Named("province", "CN-GD", "https://127.0.0.1:8012", "https://127.0.0.1:8013")


@pytest.fixture(autouse=True)
def here(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[own.Own]:
    settings.NODE_NAMED = HERE
    monkeypatch.setattr(enrolling, "_called_back", lambda url, root, code: None)
    founding.found_where_named()
    yield own.membership()


@pytest.fixture
def harbour() -> Harbour:
    return Harbour()


def test_a_firm_is_verified_under_an_arrangement_and_both_are_in_the_evidence(
    harbour: Harbour,
) -> None:
    partner = harbour.entered()
    one, line = abroad.in_force(partner), Line(harbour)
    status, told, error = line.ask(abroad.question(one))
    assert (status, error) == (200, ""), told
    assert told["rows"][0].keys() == {"enterprise.state"}
    read = abroad.newest("exchange.read")
    assert read["consumer"] == "HK/hk-registry" and read["agreement"] == f"{one.number}-1"
    assert read["case"] == "HK-2026-1"
    kind, message, _reference = line.log.entries[-1]
    assert kind == "message.answered" and message["uses"] == [told["evidence"]]
    noted = partners.Asked.objects.get(way="in")
    assert (noted.outcome, noted.evidence) == ("answered", told["evidence"])
    assert noted.about == abroad.firm()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"arrangement": "AZ-000000000000"}, "no arrangement"),
        ({"purpose": "population_statistics"}, "purpose"),
        ({"elements": ["enterprise.state", "enterprise_list.serious"]}, "elements"),
        ({"subject": {"code": "91440000000000000X"}}, "no single"),
    ],
)
def test_beyond_the_arrangement_nothing_is_told_and_the_refusal_is_written_down(
    harbour: Harbour, changes: dict[str, Any], why: str
) -> None:
    one, line = abroad.in_force(harbour.entered()), Line(harbour)
    status, told, _error = line.ask(abroad.question(one, **changes))
    assert (status, told["failure"]) == (403, "denied") and why in told["detail"]
    assert abroad.newest("exchange.denied")["consumer"] == "HK/hk-registry"
    assert partners.Asked.objects.get(way="in").outcome == "denied"


def test_another_body_or_service_than_the_arrangement_names_is_refused(harbour: Harbour) -> None:
    one, line = abroad.in_force(harbour.entered()), Line(harbour)
    other = replace(abroad.TALKS, subsystem="regional_cooperation")
    assert line.ask(abroad.question(one), client=other)[1]["failure"] == "denied"
    told = line.ask(abroad.question(one), home=line.population, code="identity")
    assert told[1]["failure"] == "denied"
    catalogue = line.ask({}, code="listMethods")
    assert catalogue[1]["service"] == [], "the catalogue is not shown to other instances"
    assert line.ask({"ask": []})[2] == "Client.BadRequest"


def test_who_speaks_for_another_is_nobody(harbour: Harbour, here: own.Own) -> None:
    """For our member, for a third instance's, by a key that no directory names."""
    one = abroad.in_force(harbour.entered())
    line, ask = Line(harbour), abroad.question(one)
    ours = own.member(here.instance, here.owner, "population")
    assert line.ask(ask, client=ours)[2] == "Server.ServerProxy.UnknownSigner"
    third = Identifier("MO", "GOV", "mo-registry", "regional_cooperation")
    assert line.ask(ask, client=third)[2] == "Server.ServerProxy.AccessDenied"
    unknown = Identifier("HK", "GOV", "hk-nobody", "regional_cooperation")
    assert line.ask(ask, client=unknown)[2] == "Server.ServerProxy.AccessDenied"
    stranger = Keeper(harbour.keeper.server, ec.generate_private_key(ec.SECP256R1()))
    assert line.ask(ask, by=stranger)[2] == "Server.ServerProxy.UnknownSigner"
    assert not line.log.entries, "nothing of it was taken"


def test_a_message_is_taken_once(harbour: Harbour) -> None:
    one, line = abroad.in_force(harbour.entered()), Line(harbour)
    message = line.signed(f"/r1/{line.home}/lists_of_organisation", abroad.question(one))
    assert line.sent(*message)[0] == 200
    assert line.sent(*message)[2] == "Server.ServerProxy.Replayed"


def test_ended_is_ended_at_the_next_message(harbour: Harbour) -> None:
    """The gateway that has not yet heard of it asks at each message."""
    partner = harbour.entered()
    one, line = abroad.in_force(partner), Line(harbour)
    assert line.ask(abroad.question(one))[0] == 200
    partners.entering.end(partner, "an official", "试验终止")
    assert line.ask(abroad.question(one))[2] == "Server.ServerProxy.AccessDenied"
    assert not Agreement.objects.filter(number=f"{one.number}-1", ended=False).exists()
    assert partners.Arrangement.objects.get(number=one.number).state == "over"
    assert abroad.newest("partner.ended")["why"] == "试验终止"
    with pytest.raises(partners.concluding.NotPossible):
        abroad.in_force(partner)


def test_an_answer_that_is_ready_when_it_ends_is_withheld(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner = harbour.entered()
    one, line = abroad.in_force(partner), Line(harbour)
    write = line.log.write

    async def ending(kind: str, payload: Any, reference: str) -> None:
        from asgiref.sync import sync_to_async

        await write(kind, payload, reference)
        if kind == "message.answered":
            await sync_to_async(partners.entering.end)(partner, "an official", "at once")

    monkeypatch.setattr(line.log, "write", ending)
    status, told, error = line.ask(abroad.question(one))
    assert error == "Server.ServerProxy.AccessDenied" and "rows" not in told, status
    assert line.log.kinds == ["message.answered", "message.withheld"]


def test_a_suspended_one_lets_nothing_through_until_the_head_resumes_it(harbour: Harbour) -> None:
    one, line = abroad.in_force(harbour.entered()), Line(harbour)
    held = partners.concluding.hold(one, "an official", "核查")
    assert line.ask(abroad.question(one))[1]["failure"] == "denied"
    resumed = partners.concluding.resume(held, abroad.official(abroad.HEAD))
    assert line.ask(abroad.question(one))[0] == 200
    there = partners.concluding.came(
        partners.directories.in_force("HK"), "held", {"number": one.number, "why": "there"}
    )  # type: ignore[arg-type]
    assert there.held_there and line.ask(abroad.question(resumed))[1]["failure"] == "denied"


def test_before_and_after_its_days_it_covers_nothing(harbour: Harbour) -> None:
    partner, today = harbour.entered(), legal_time.today()
    for since, until in ((today + timedelta(days=1), today + timedelta(days=9)),
                         (today - timedelta(days=9), today - timedelta(days=1))):  # fmt: skip
        one = abroad.in_force(partner, since=since.isoformat(), until=until.isoformat())
        assert Line(harbour).ask(abroad.question(one))[1]["failure"] == "denied"


def test_so_many_times_a_day_and_a_guess_counts(harbour: Harbour) -> None:
    one, line = abroad.in_force(harbour.entered(), per_day=2), Line(harbour)
    assert line.ask(abroad.question(one, subject={"code": "nobody"}))[0] == 403
    assert line.ask(abroad.question(one))[0] == 200
    assert "rate" in line.ask(abroad.question(one))[1]["detail"]


def test_a_directory_that_has_expired_lets_nothing_through(harbour: Harbour) -> None:
    partner = harbour.entered(hours=0)
    line = Line(harbour)
    assert line.ask({})[2] == "Server.ServerProxy.OutdatedGlobalConf"
    told = voices.published(harbour.directory(version=2))
    partners.directories.keep(told, partner, None)
    assert Line(harbour).ask({})[2] == "Client.BadRequest"


def test_a_directory_is_believed_under_its_own_anchor_and_names_its_own_alone(
    harbour: Harbour, here: own.Own
) -> None:
    partner, known = harbour.entered(), directories.known(here.instance, here.anchor)
    assert known is not None
    good = harbour.directory(version=2)
    (gate,) = good.peers
    ours = known.peer(here.server)
    for bad in (
        replace(good, peers=(gate, replace(gate, server=here.server, keys={}))),
        replace(good, peers=(gate, replace(gate, server="HK/GOV/x/other", keys=ours.keys))),
        replace(good, peers=(replace(gate, server="HK/GOV/hk-data/another"),), homes={}),
        replace(good, instance="MO", peers=(), homes={}, names={}),
    ):
        with pytest.raises(NotADirectory):
            partners.directories.keep(voices.published(bad), partner, known)
    kept = partners.directories.known(partner)
    assert kept is not None and kept.version == 1
    partners.directories.keep(voices.published(good), partner, known)
    with pytest.raises(NotADirectory):
        older = voices.published(harbour.directory(version=1))
        partners.directories.keep(older, partner, known)
    assert KnownDirectory.objects.filter(instance="HK").count() == 2


def test_who_is_not_signed_under_the_anchor_is_not_entered(
    harbour: Harbour, here: own.Own, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lingnan.kernel.exchange.federation.calling import Said
    from lingnan.kernel.runtime.api import Title

    document = voices.published(harbour.directory())
    monkeypatch.setattr(
        partners.entering.calling, "get", lambda url, path: Said(200, dict(document))
    )
    read, title = partners.entering.Introduction.read, Title("香港", "Hong Kong")
    for text, kind, why in (
        ("http://127.0.0.1:1/exchange/directory#HK.harbour", "region", "address"),
        (f"ftp://x/exchange/directory#HK.harbour.{'0' * 64}", "region", "address"),
        (f"http://x/exchange/directory#HK.harbour.{'0' * 64}", "treaty", "kind"),
        (f"http://x/exchange/directory#CN-GD.harbour.{'0' * 64}", "region", "own"),
        (f"http://x/exchange/directory#HK.harbour.{here.anchor}", "region", "own"),
        (f"http://x/exchange/directory#HK.harbour.{'0' * 64}", "region", "directory"),
    ):
        with pytest.raises(partners.entering.NotEntered) as refused:
            partners.entering.enter(here, read(text), kind, title, "a test")
        assert refused.value.why == why
    assert not partners.Partner.objects.exists()


def test_persons_are_told_apart_by_nothing_that_is_answered(harbour: Harbour) -> None:
    """Nobody of this number, another name, no consent: one answer, and each is counted."""
    more = {"consent": True, "assessment": "评估1（合成）", "contact": "某处（合成）"}
    one = abroad.in_force(
        harbour.entered(), subject="person", resource="population.identity", per_day=3,
        elements={"person.name": {"zh": "姓名", "en": "Name"}}, **more,
    )  # fmt: skip
    line, (number, name) = Line(harbour), abroad.resident()
    answers = [
        line.ask(abroad.question(one, subject=subject), home=line.population, code="identity")
        for subject in (
            {"number": "440103190001010000", "name": name}, {"number": number, "name": "另一人"},
            {"number": number, "name": name}, {"number": number, "name": name},
        )
    ]  # fmt: skip
    assert answers[0] == answers[1] == answers[2] and answers[0][1]["failure"] == "denied"
    assert "rate" in answers[3][1]["detail"] and answers[3][1]["detail"] != answers[0][1]["detail"]
    whys = partners.Asked.objects.order_by("id").values_list("why", flat=True)
    assert list(whys) == ["unknown", "name", "consent", "rate"], "this side knows which it was"
