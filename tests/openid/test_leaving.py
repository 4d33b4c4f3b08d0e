"""Systems are told when a sign-in ends: signed, again until they take it, and seen where not."""

import re
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs

import pytest
from cryptojwt import KeyJar
from django.conf import settings
from django.test import Client
from idpyoidc.message.oidc.session import LogoutToken

from lingnan.kernel.trust.models import LogoutNotice
from lingnan.kernel.trust.openid import leaving, parties
from lingnan.kernel.trust.witnesses import fetching
from tests.openid.system import System, claims
from tests.people import Person
from tests.signin.real import PASSWORD, Visitor, account

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
TOLD_AT = "https://records.example.cn/told"


@pytest.fixture(params=["RS256", "ES256"])
def system(request: pytest.FixtureRequest) -> System:
    return System(backchannel=TOLD_AT, algorithm=request.param)


class Line:
    """The way to the systems: what was posted, or that nobody answers."""

    def __init__(self, refusal: Exception | None = None) -> None:
        self.sent: list[tuple[str, str]] = []
        self.refusal = refusal

    def __call__(self, address: str, body: bytes) -> None:
        if self.refusal:
            raise self.refusal
        self.sent.append((address, parse_qs(body.decode())["logout_token"][0]))


def signed_in(system: System, new: bool = True) -> tuple[Visitor, dict[str, Any]]:
    """Somebody whom the system knows, and what its identity token says."""
    visitor = Visitor()
    if new:
        account()
    visitor.post("/signin/", login="chan.siuming", password=PASSWORD)
    tokens = system.tokens(system.sent(visitor.client, system.question())["code"]).json()
    return visitor, claims(tokens["id_token"])


def told() -> Line:
    line = Line()
    leaving.deliver_due(line)
    return line


def test_signing_out_is_told_in_a_token_that_a_foreign_library_takes(system: System) -> None:
    silent = System(body="gd-440103-fire")
    visitor, identity = signed_in(system)
    silent.tokens(silent.sent(visitor.client, silent.question())["code"])
    visitor.post("/signout/")
    ((address, token),) = told().sent
    assert address == TOLD_AT and not told().sent, "once"
    jar = KeyJar()
    published: Any = Client().get("/openid/keys").json()
    jar.import_jwks(published, settings.PUBLIC_ADDRESS)
    read = LogoutToken().from_jwt(token, keyjar=jar)
    assert read.verify(
        iss=settings.PUBLIC_ADDRESS, aud=system.row.client_id, keyjar=jar,
        allow_missing_kid=False, skew=0,
    )  # fmt: skip
    assert (read["sub"], read["sid"]) == (identity["sub"], identity["sid"])
    assert "nonce" not in read and read["exp"] - read["iat"] == 120


def test_ended_elsewhere_or_by_another_sign_in_it_is_told_too(system: System) -> None:
    signed_in(system)
    other = Visitor()
    other.post("/signin/", login="chan.siuming", password=PASSWORD)
    other.post("/account/sessions/end-others/")
    assert len(told().sent) == 1
    visitor, identity = signed_in(system, new=False)
    visitor.post("/signin/", login="chan.siuming", password=PASSWORD)
    (sent,) = told().sent
    assert claims(sent[1])["sid"] == identity["sid"]


def test_who_does_not_answer_is_told_again_and_then_stands_before_the_operator(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, _identity = signed_in(system)
    visitor.post("/signout/")
    refusing = Line(fetching.Answered(500, "not now"))
    monkeypatch.setattr(leaving, "WAITS", leaving.WAITS[:1])
    assert leaving.deliver_due(refusing) == 0
    notice = LogoutNotice.objects.get(client_id=system.row.client_id)
    assert (notice.state, notice.tries) == ("waiting", 1) and notice.due_at > notice.made_at
    assert not told().sent, "not before it is due"
    LogoutNotice.objects.filter(pk=notice.pk).update(due_at=notice.made_at)
    leaving.deliver_due(refusing)
    operator = Person("440000-data-operator")
    page = operator.get("/desk/signing-on/")
    assert "未能送达的退出通知" in page and "500: not now" in page
    found = re.search(r'name="notice" value="([0-9a-f]{32})"', page)
    assert found
    operator.client.post("/desk/signing-on/again/", {"notice": found[1]})
    ((address, _token),) = told().sent
    assert address == TOLD_AT
    assert "未能送达的退出通知" not in operator.get("/desk/signing-on/")
    operator.post("/desk/signing-on/again/", notice="0" * 32)
    assert operator.status == 404


def test_an_address_that_is_not_whole_and_encrypted_is_not_registered() -> None:
    for address in ("http://records.example.cn/told", "https://x y/", "ftp://x.cn/"):
        with pytest.raises(parties.NotFit) as wrong:
            System(backchannel=address)
        assert wrong.value.field == "backchannel"
    discovery = SimpleNamespace(**Client().get("/.well-known/openid-configuration").json())
    assert discovery.backchannel_logout_supported
    assert discovery.backchannel_logout_session_supported
