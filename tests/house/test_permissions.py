"""Every address for every kind of post: the answer agrees with what its view declares."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import get_resolver

from lingnan.kernel.registry.api import record_type
from lingnan.kernel.registry.rights import may_merge
from lingnan.kernel.trust.api import Account, Actor, Body, Holding, actor_of
from lingnan.node import permissions
from lingnan.node.permissions import Address, Post
from tests.house.asking import asked, asking, fully, named
from tests.people import Person, file_business, register_business

pytestmark = pytest.mark.django_db
CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")
ARGUMENTS = {"code": "individual_business", "system": "population", "name": "resident"}
# What asks again inside: for the readers of a register, or for a token of its own.
REGISTERS = {
    "/desk/records/<slug:system>/<slug:name>/",
    "/desk/records/<slug:system>/<slug:name>/<slug:ref>/",
    "/desk/records/<slug:system>/<slug:name>/<slug:ref>/history/",
    "/desk/records/<slug:system>/<slug:name>/statistics/",
    "/desk/records/<slug:system>/<slug:name>/statistics/table.csv",
    "/desk/quality/<slug:system>/<slug:name>/",
    "/desk/records/<slug:system>/<slug:name>/<slug:ref>/doubt/",
    "/api/records/<system>/<name>",
    "/api/records/<system>/<name>/statistics",
    "/api/records/<system>/<name>/<ref>",
    "/api/records/<system>/<name>/<ref>/history",
}
# What asks inside for those of the readers who may take a list out.
EXPORTS = {"/desk/records/<slug:system>/<slug:name>/export/"}
# What asks inside for those of the readers who take files in.
IMPORTS = {"/desk/records/<slug:system>/<slug:name>/import/"}
# What asks inside for those of the readers who judge whether two records are one.
COMPARES = {"/desk/records/<slug:system>/<slug:name>/compare/"}
# What asks inside for those who edit the register, and over HTTP for the session's token.
EDITING = {
    "/desk/records/<slug:system>/<slug:name>/new/",
    "/desk/records/<slug:system>/<slug:name>/<slug:ref>/change/",
    "/desk/records/<slug:system>/<slug:name>/<slug:ref>/end/",
}
WRITTEN = {"/api/records/<system>/<name>", "/api/records/<system>/<name>/<ref>/end"}
# What judges a name and a password, whoever asks.
JUDGES = {"/signin/"}
BY_TOKEN = {"/operating/clock/"}
# What judges a signed application, whoever brings it; without a name a node answers that it has
# none (404).
OF_NODES = {"/exchange/directory", "/exchange/join", "/exchange/join/terms", "/exchange/renew"}
# What asks for a client's key of its own in every method: tests/kernel/test_govstack.py.
BY_KEY = "/api/govstack/"
# What asks for a system's own secret, or for a token: tests/openid/test_provider.py.
OF_A_SYSTEM = {f"/openid/{name}" for name in ("token", "userinfo", "revoke", "introspect")}
ENDS_THE_SESSION = "/signout/"


def url_of(address: Address) -> str:
    """An address with values, of which few exist: what is let in finds nothing."""

    def value(found: "re.Match[str]") -> str:
        number = "<int:" in found[0]
        return ARGUMENTS.get(found[1], "1" if number else "0" * 32)

    return CONVERTER.sub(value, address.route)


def turned_away(answer: Any) -> bool:
    """Whether an answer says: not you."""
    if answer.status_code == 302:
        return str(answer.headers["Location"]).startswith("/signin/?")
    return answer.status_code in (401, 403)


def logins() -> dict[Post, str]:
    """Somebody for each kind of post, from the demonstration."""
    bodies = {body.code: body for body in Body.objects.filter(ended=False)}
    names = dict(Account.objects.values_list("key", "login"))
    found: dict[Post, str] = {}
    for held in Holding.objects.filter(ended=False).order_by("key"):
        body = bodies[held.body]
        found.setdefault(Post(body.function, held.role, body.tier), names[held.account])
    return found


def sessions() -> Iterator[tuple[str, Actor | None, Client]]:
    yield "nobody", None, Client()
    every = {"resident": "resident-440106"}
    every |= {f"{p.function}/{p.role}/{p.tier}": login for p, login in logins().items()}
    for who, login in every.items():
        if who not in fully():
            continue
        account = Account.objects.get(login=login)
        client = Client()
        client.force_login(account)
        yield who, actor_of(account), client


def permitted(address: Address, who: Actor | None) -> bool:
    assert address.access is not None
    return address.access.permits(who)


def expected(address: Address, who: Actor | None, method: str) -> bool:
    open_ = permitted(address, who)
    if open_ and address.route in REGISTERS:
        open_ = record_type("population", "resident").record.readers.permits(who)
    written = method == "post" and address.route in WRITTEN
    if open_ and (written or address.route in EDITING):
        editors = record_type("population", "resident").record.editors
        open_ = editors is not None and who is not None and editors.permits(who)
    if open_ and address.route in EXPORTS:
        exporters = record_type("population", "resident").record.exporters
        open_ = exporters is not None and who is not None and exporters.permits(who)
    if open_ and address.route in IMPORTS:
        importers = record_type("population", "resident").record.importers
        open_ = importers is not None and who is not None and importers.permits(who)
    if open_ and address.route in COMPARES:
        open_ = may_merge(record_type("population", "resident"), who)
    return open_


def test_every_view_declares_its_access() -> None:
    found = permissions.addresses()
    assert len(found) > 60
    assert [address.route for address in found if address.access is None] == []


def test_every_kind_of_post_has_somebody() -> None:
    assert set(permissions.posts()) == set(logins())


def plainly(request: HttpRequest, exception: object) -> HttpResponse:
    return HttpResponse(status=403)


class Plain:
    """The node's addresses; who is turned away gets no page, of which there would be thousands."""

    urlpatterns = get_resolver().url_patterns
    handler400, handler404, handler500 = (
        f"lingnan.portal.errors.{name}" for name in ("bad_request", "not_found", "failure")
    )
    handler403 = plainly


def disagreements(addresses: list[Address], methods: tuple[str, ...]) -> list[str]:
    found = []
    for name, who, client in sessions():
        client.raise_request_exception = False
        for address in addresses:
            for method in asked(methods, name, address):
                answer = getattr(client, method)(url_of(address))
                if answer.status_code >= 500:
                    found.append(f"{name}: {method} {address.route} fails: {answer.status_code}")
                elif answer.status_code == 405 and permitted(address, who):
                    continue
                elif turned_away(answer) == expected(address, who, method):
                    found.append(f"{name}: {method} {address.route}: {answer.status_code}")
    return found


def test_each_post_has_its_turn_at_some_address() -> None:
    found: dict[str, set[str]] = {"open": set(), "closed": set()}
    for one in permissions.addresses():
        assert one.access is not None
        for name in asking(one.route, one.access):
            found["open" if one.access.permits(named()[name].actor) else "closed"].add(name)
    assert found["open"] == found["closed"] == set(named())


def test_the_answer_is_what_was_declared(settings: Any) -> None:
    settings.ROOT_URLCONF = Plain
    skipped = BY_TOKEN | OF_NODES | JUDGES | OF_A_SYSTEM | {ENDS_THE_SESSION}
    addresses = [
        one
        for one in permissions.addresses()
        if one.route not in skipped and not one.route.startswith(BY_KEY)
    ]
    assert disagreements(addresses, ("get", "post")) == []


def test_what_asks_for_a_token_is_closed_without_one() -> None:
    for name, who, client in sessions():
        for route in BY_TOKEN:
            status = client.post(route).status_code
            operator = who is not None and who.role == "operator" and "clock" in route
            assert status == (400 if operator else 401), (name, route)


def test_what_other_nodes_ask_is_open_and_judged_by_its_signature() -> None:
    for route in OF_NODES - {"/exchange/directory"}:
        for body, status in ((b"", 400), (b"[]", 400), (b"{}", 404)):
            answer = Client().post(route, body, content_type="application/json")
            assert answer.status_code == status and answer.json()["why"], (route, body)


def test_signing_out_is_for_who_is_signed_in() -> None:
    for name, who, client in sessions():
        answer = client.post(ENDS_THE_SESSION)
        assert answer.status_code == (403 if who is None else 302), name


def test_a_declaration_that_is_not_kept_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if /desk/ had been declared open to residents while its view is not."""
    desk = next(one for one in permissions.addresses() if one.route == "/desk/")
    assert disagreements([desk], ("get",)) == []
    wide = Address(desk.route, desk.name, permissions.Access("resident"))
    assert disagreements([wide], ("get",)) != []


# One's own and another's: the rule lets both in, the object only one.


def test_what_belongs_to_another_is_not_there() -> None:
    owner, other = Person("resident-440103"), Person("resident-440106")
    number = register_business(owner)
    owner.get("/certificates/")
    certificate = re.search(r"/certificates/(\w+)\.pdf", owner.text)
    assert certificate
    owner.post("/matters/individual_business/begin/", body="gd-440103-market")
    draft = owner.url
    theirs = [f"/cases/{number}/", f"/certificates/{certificate[1]}.pdf", draft, f"{draft}check/"]
    for url in theirs:
        assert owner.client.get(url).status_code in (200, 302), url
        assert other.client.get(url).status_code == 404, url
    for url in (draft, f"{draft}keep/", f"{draft}check/", f"/cases/{number}/withdraw/",
                f"/cases/{number}/rate/", f"/cases/{number}/supplement/"):  # fmt: skip
        assert other.client.post(url, {"submit": "1"}).status_code == 404, url


def test_a_case_is_its_own_bodys() -> None:
    number = file_business(Person("resident-440103"))
    ours, url = Person("440103-market-clerk"), f"/desk/cases/{number}/"
    assert ours.client.get(url).status_code == 200
    handlers = [login for post, login in logins().items() if post.role in (
        "clerk", "reviewer", "inspector", "head") and "440103-market" not in login]  # fmt: skip
    assert len(handlers) > 20
    for login in [*handlers, "440106-market-clerk", "440103-fire-clerk"]:
        client = Client()
        client.force_login(Account.objects.get(login=login))
        assert client.get(url).status_code in (403, 404), login
        assert client.post(f"{url}act/", {"act": "accept"}).status_code in (403, 404), login


def test_the_document_is_what_the_views_declare() -> None:
    assert permissions.DOCUMENT.read_text(encoding="utf-8") == permissions.as_document()
