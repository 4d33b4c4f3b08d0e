"""The signed text of a power: for both whom it names and the body it is used before; verified by
whoever is shown it, here and offline, and any change is found and named."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import pem
from django.core.files.uploadedfile import SimpleUploadedFile

from lingnan.kernel.trust import node_seals
from lingnan.kernel.trust.acting import checking
from lingnan.kernel.trust.api import Account, acting, actor_of, consents, node_evidence
from lingnan.kernel.trust.certification import authorities, register
from lingnan.kernel.trust.pki import profiles
from lingnan.kernel.trust.pki.names import Name
from lingnan.node import command
from lingnan.portal.acting import sides
from tests.clockwork import advance
from tests.kernel.test_acting import AGENT, GIVER, PAGE, given, taking, typed
from tests.people import Person, file_business

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def text_of(power: acting.Power, login: str = GIVER) -> bytes:
    person = Person(login)
    person.get(f"{PAGE}{power.number}/text.json")
    assert person.status == 200, person.said
    return bytes(person.response.content)


def verified(content: bytes) -> Person:
    """Anybody at the page of verification; a resident stands for them."""
    person = Person("resident-440106")
    person.post("/verify/", file=SimpleUploadedFile("power.json", content, "application/json"))
    return person


def changed(content: bytes, **parts: Any) -> bytes:
    """The file with parts of its text said otherwise."""
    said = json.loads(content)
    told = json.loads(said["document"]) | parts
    said["document"] = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return checking.written(**said)


def offline(tmp_path: Path, content: bytes, capsys: Any, *more: str) -> tuple[int, str]:
    file, root = tmp_path / "power.json", tmp_path / "root.cer"
    file.write_bytes(content)
    root.write_bytes(authorities.issuer(authorities.ROOT).certificate.dump())
    status = command.dispatch("verify", [str(file), "--root", str(root), "--language", "en", *more])
    return status, capsys.readouterr().out


def test_both_have_the_text_and_whoever_is_shown_it_verifies_it() -> None:
    power = given("apply", "looked")
    assert text_of(power) == text_of(power, AGENT)
    assert "下载已签名的文本" in Person(GIVER).get(f"{PAGE}{power.number}/")
    stranger = Person("resident-440106")
    stranger.get(f"{PAGE}{power.number}/text.json")
    assert stranger.status == 404
    page = verified(text_of(power))
    assert page.status == 200 and "此委托书真实，现在有效" in page.said, page.said
    for words in (power.number, power.name, power.agent_name, "申请", "谁证明签名者"):
        assert words in page.said, words
    # What trust calls the giver stands nowhere in it, nor the same mark in another power.
    assert power.principal not in text_of(power).decode()
    marks = {json.loads(one.document)["principal"] for one in (power, given("record"))}
    assert len(marks) == 2


def test_it_says_how_the_power_stands_now() -> None:
    power = given("apply", accepted=False)
    content = text_of(power)
    assert "现在没有效力" in verified(content).said and "待接受" in verified(content).said
    Person(AGENT).post(f"{PAGE}{power.number}/", act="accept")
    assert "现在有效" in verified(content).said
    Person(GIVER).post(f"{PAGE}{power.number}/", act="close")
    assert "现在没有效力" in verified(content).said
    late = text_of(given("apply", days=2))
    advance("3d")
    assert "现在没有效力" in verified(late).said


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("scope", ["apply", "record"], "代办范围"),
        ("last", "2027-12-31", "截止日"),
        ("agent_name", "张三", "代办人"),
        ("name", "李四", "被代理人"),
        ("more", "另加一项", "more"),
    ],
)
def test_a_changed_text_is_found_and_the_part_named(name: str, value: Any, words: str) -> None:
    page = verified(changed(text_of(given("apply")), **{name: value}))
    assert "此委托书不真实" in page.said and "签名之后被改动过" in page.said
    assert words in page.said and "现在有效" not in page.said, page.said


def test_a_changed_signature_a_foreign_chain_and_what_is_no_power() -> None:
    content = text_of(given("apply"))
    said = json.loads(content)
    other = bytearray(base64.b64decode(said["signature"]))
    other[-1] ^= 1
    spoilt = said | {"signature": base64.b64encode(bytes(other)).decode()}
    assert "被改动过：签名" in verified(checking.written(**spoilt)).said
    certificates = said["chain"].strip().split("-----END CERTIFICATE-----\n")
    swapped = said | {"chain": "-----END CERTIFICATE-----\n".join(certificates[1:])}
    assert "此委托书不真实" in verified(checking.written(**swapped)).said
    for junk in (b"{", b"{}", b'{"document": 1, "signature": "", "chain": ""}', b"{" * 60_000,
                 checking.written("{}", "", "")):  # fmt: skip
        page = verified(junk)
        assert page.status == 200 and "此委托书不真实" in page.said, junk[:40]


def test_no_other_key_of_the_province_signs_a_power() -> None:
    """A text that says a power, signed by the key for consents: its certificate is not for it."""
    document = json.loads(text_of(given("apply")))["document"]
    made = consents.foreign.signed(json.loads(document))
    content = checking.written(made.document, made.signature, made.chain)
    found = checking.verify(content, node_seals.roots())
    assert found.fails == "power_purpose" and not found.genuine
    assert "不能用于签署委托书" in verified(content).said


def test_under_another_root_nobody_vouches_for_it() -> None:
    content = text_of(given("apply"))
    armored = json.loads(content)["chain"].encode()
    parts = [der for _kind, _head, der in pem.unarmor(armored, multiple=True)]
    assert len(parts) == 3
    assert checking.verify(content, []).fails == "power_issuer"
    assert checking.verify(content, node_seals.roots()).genuine


def test_offline_it_is_verified_with_the_root_alone(tmp_path: Path, capsys: Any) -> None:
    power = given("apply", "record")
    status, told = offline(tmp_path, text_of(power), capsys)
    assert status == 0 and "It is genuine" in told, told
    for words in (power.number, power.name, power.agent_name, "only the node can say", "registers"):
        assert words in told, words
    status, told = offline(tmp_path, changed(text_of(power), last="2027-12-31"), capsys)
    assert status == 1 and "The text, its signature or the certificate was changed" in told
    status, told = offline(tmp_path, b"{", capsys)
    assert status == 2 and "Traceback" not in told


def test_a_power_that_the_node_does_not_have_does_not_stand() -> None:
    """Signed by the right key, as one of another state of the database: here nobody gave it."""
    said = json.loads(text_of(given("apply")))
    told = json.loads(said["document"]) | {"number": "WT-000000000000"}
    name = Name("Lingnan 委托签名 powers", "Lingnan 岭南")
    key = register.kept_for("powers", name, profiles.POWER, authorities.province())
    made = consents.signing.sign(told, key)
    content = checking.written(made.document, made.signature, said["chain"])
    assert checking.verify(content, node_seals.roots()).genuine
    page = verified(content)
    assert "此委托书不真实" in page.said and "没有此编号的委托" in page.said, page.said


def test_the_body_before_which_it_is_used_has_the_text_and_both_see_that() -> None:
    power = given("apply", "looked")
    number = file_business(taking(power))
    clerk = Person("440103-market-clerk")
    page = clerk.get(f"/desk/cases/{number}/")
    assert "由他人代申请人办理" in page and power.agent_name in page, clerk.said
    url = f"/desk/cases/{number}/powers/{power.number}/"
    assert url in page
    clerk.get(url)
    assert clerk.status == 200 and clerk.response.content == text_of(power)
    assert "现在有效" in verified(bytes(clerk.response.content)).said
    entry = node_evidence.reader().by_reference(power.number, None, 1, ("power.shown",))[0]
    assert (entry.payload or {})["case"] == number
    assert "查看了委托代您办事的文本" in Person(GIVER).get("/looked/")
    assert "向部门出示了文本" in Person(AGENT).get(f"{PAGE}{power.number}/")
    other = given("record")
    for login, address in (
        ("440106-market-clerk", url),
        ("440103-market-clerk", f"/desk/cases/{number}/powers/{other.number}/"),
        (GIVER, url),
    ):
        person = Person(login)
        person.get(address)
        assert person.status in (403, 404), login
    own = file_business(Person("resident-440106"))
    assert "由他人代申请人办理" not in clerk.get(f"/desk/cases/{own}/")


def test_the_other_side_is_told_of_an_act_once() -> None:
    from lingnan.kernel.duty.api import Message

    power = given("apply")
    agent, giver = Person(AGENT), Account.objects.get(login=GIVER)
    agent.post(f"{PAGE}{power.number}/", act="accept")
    rows = Message.objects.filter(account=giver.key)
    assert rows.filter(subject_zh="委托已被接受").count() == 1
    for _time in range(2):
        agent.post(f"{PAGE}{power.number}/", act="close")
        assert agent.status == 200
    assert rows.filter(subject_zh="委托已终止").count() == 1


def test_who_accepts_what_is_revoked_in_the_same_moment_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The giver ends it between what the agent's request reads and what it writes."""
    power = given("apply", accepted=False)
    agent, accept, ended = Person(AGENT), acting.accept, []

    def overtaken(one: acting.Power, who: Any) -> acting.Power:
        if not ended:
            ended.append(Person(GIVER).post(f"{PAGE}{power.number}/", act="close"))
        return accept(one, who)

    monkeypatch.setattr(acting, "accept", overtaken)
    agent.post(f"{PAGE}{power.number}/", act="accept")
    assert agent.status == 200 and "对方刚刚作了变更" in agent.text, agent.said
    row = acting.Power.objects.get(key=power.key)
    assert row.closed_why == "revoked" and row.accepted_at is None


def test_whom_no_register_knows_gives_no_power_and_sees_nobody_elses() -> None:
    """Accounts without a person behind them are not one person."""
    Account.objects.filter(login__in=(GIVER, "resident-440106")).update(subject="")
    giver = Person(GIVER)
    giver.post("/acting/give/", **typed("apply"), act="give")
    assert giver.status == 422 and "查不到您的身份" in giver.said, giver.said
    assert not acting.Power.objects.exists()
    for url in ("/acting/", "/looked/"):
        giver.get(url)
        assert giver.status == 200, url
    own = actor_of(Account.objects.get(login=GIVER))
    assert own is not None and sides(own) == set()
