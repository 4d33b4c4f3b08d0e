"""Every answer carries the same guard: pages, files, programs' answers, refusals, failures."""

from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_resolver, path

from lingnan.kernel.trust.api import PUBLIC, allow
from lingnan.portal.headers import ALWAYS, HeadersMiddleware
from tests.people import Person

pytestmark = pytest.mark.django_db
STATIC = "/static/ui/look.css"


@allow(PUBLIC)
def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("planted")


class Planted:
    urlpatterns = [path("broken/", broken), *get_resolver().url_patterns]
    handler403 = "lingnan.portal.errors.forbidden"
    handler404 = "lingnan.portal.errors.not_found"
    handler500 = "lingnan.portal.errors.failure"


ANSWERS = {
    "page": ("get", "/", 200),
    "redirect": ("get", "/cases/", 302),
    "static file": ("get", STATIC, 200),
    "absent static file": ("get", "/static/none.css", 404),
    "absent page": ("get", "/none/", 404),
    "refusal": ("post", "/cases/", 403),
    "too large": ("post", "/signin/", 413),
    "failure": ("get", "/broken/", 500),
    "program": ("get", "/healthz", 200),
    "api document": ("get", "/api/openapi.json", 200),
    "foreign host": ("get", "/", 400),
}


@pytest.mark.parametrize("what", ANSWERS)
def test_every_answer_says_what_the_browser_must_not_do(what: str, settings: Any) -> None:
    method, url, status = ANSWERS[what]
    settings.ROOT_URLCONF = Planted
    client = Client(raise_request_exception=False)
    extra: dict[str, Any] = {}
    if what == "too large":
        extra = {"CONTENT_LENGTH": str(99 * 1024 * 1024)}
    if what == "foreign host":
        settings.ALLOWED_HOSTS = ["portal.example"]
        extra = {"HTTP_HOST": "evil.example"}
    answer = client.generic(method.upper(), url, **extra)
    assert answer.status_code == status
    for name, value in ALWAYS.items():
        assert answer.headers[name] == value, name
    policy = answer.headers["Content-Security-Policy"]
    for rule in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'",
                 "base-uri 'none'", "object-src 'none'"):  # fmt: skip
        assert rule in policy
    assert "unsafe" not in policy
    assert answer.headers["Cache-Control"]


def test_static_is_there() -> None:
    assert finders.find("ui/look.css")


def test_what_is_somebodys_own_is_kept_nowhere() -> None:
    resident = Person("resident-440103")
    for url in ("/", "/cases/", "/looked/", "/messages/", "/certificates/"):
        assert resident.client.get(url).headers["Cache-Control"] == "no-store", url
    assert "no-store" in Client().post("/signin/", {"login": "x"}).headers["Cache-Control"]
    assert Client().get("/verify/").headers["Cache-Control"] in ("private, no-cache", "no-store")
    assert "no-store" not in Client().get(STATIC).headers["Cache-Control"]


def test_https_is_asked_for_where_there_is_https_and_nowhere_else(settings: Any) -> None:
    assert "Strict-Transport-Security" not in Client().get("/").headers
    assert "max-age=31536000" in Client().get("/", secure=True).headers["Strict-Transport-Security"]
    settings.PUBLIC_ADDRESS = "https://portal.example"
    assert "Strict-Transport-Security" in Client().get("/").headers


def test_a_stricter_word_of_a_view_stands() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Cache-Control": "no-store, private"})

    answer = HeadersMiddleware(view)(RequestFactory().get("/"))
    assert answer.headers["Cache-Control"] == "no-store, private"


def test_cookies_are_for_this_site_and_not_for_scripts(settings: Any) -> None:
    session = Person("resident-440103").client.cookies["sessionid"]
    assert session["httponly"] and session["samesite"] == "Lax" and not session["secure"]
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client = Client()
    page = client.get("/signin/", secure=True)
    assert page.cookies["csrftoken"]["secure"] and page.cookies["csrftoken"]["samesite"] == "Lax"
    signed = client.post("/signin/", {"demonstration": "resident-440103"}, secure=True)
    assert signed.cookies["sessionid"]["secure"]
