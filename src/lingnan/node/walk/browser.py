"""A person's browser: plain HTTP with cookies, the forms of pages, nothing of Django."""

import secrets
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from functools import cached_property
from http.client import HTTPResponse
from http.cookiejar import Cookie, CookieJar
from urllib.parse import urljoin, urlsplit

from lingnan.node.walk import dom

TIMEOUT = 60.0


class Unexpected(Exception):
    """The page is not the one that this step should lead to; says what the page says."""


@dataclass(frozen=True)
class File:
    """A file that somebody uploads."""

    name: str
    content: bytes
    kind: str = "application/pdf"


Value = str | list[str] | File


@dataclass(frozen=True)
class Page:
    """An answer: where it came from in the end, its status and its content."""

    url: str
    status: int
    content: bytes = field(repr=False)

    @cached_property
    def root(self) -> dom.Node:
        return dom.parse(self.content.decode("utf-8", "replace"))

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def main(self) -> dom.Node:
        return self.root.first("main") or self.root

    def message(self) -> str:
        """What the page tells a person when something is not right."""
        told = [
            node.text
            for node in self.root.walk()
            if {"notice", "errors", "say", "lead"} & set(node.classes)
        ]
        heading = self.root.first("h1")
        return " / ".join([f"{self.status} {self.path}", heading.text if heading else "", *told])[
            :600
        ]

    def form(self, **having: str) -> dom.Node:
        """The form in the page that has controls with these names and values ("" is any value)."""
        for form in self.root.all("form"):
            known = [(n.get("name"), n.get("value")) for n in dom.controls(form)]
            if all(_has(known, name, value) for name, value in having.items()):
                return form
        raise Unexpected(f"no form with {having} on {self.message()}")


def _has(known: list[tuple[str, str]], name: str, value: str) -> bool:
    return any(n == name and (not value or v == value) for n, v in known)


class Browser:
    """One person's session. `page` is what they see now."""

    page: Page

    def __init__(self, base: str, language: str = "zh-hans") -> None:
        self.base, self.language = base.rstrip("/"), language
        self.jar = CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(self.jar),
        )
        self.jar.set_cookie(_cookie("django_language", language, self.base))

    def get(self, path: str) -> Page:
        return self._open(urllib.request.Request(urljoin(f"{self.base}/", path)))

    def submit(self, form: dom.Node, /, press: str = "", **values: Value) -> Page:
        """`send`, with the values by name."""
        return self.send(form, values, press)

    def send(self, form: dom.Node, values: dict[str, Value], press: str = "") -> Page:
        """Fill in a form of the present page and send it; `press` is a button's name.

        Raises Unexpected for a name that the form does not ask for.
        """
        known = dom.controls(form)
        unknown = set(values) - {node.get("name") for node in known}
        if unknown:
            raise Unexpected(f"the form does not ask for {sorted(unknown)}: {self.page.message()}")
        kept = [(name, value) for name, value in dom.defaults(form) if name not in values]
        sent: list[tuple[str, str | File]] = list(kept)
        for name, value in values.items():
            many = value if isinstance(value, list) else [value]
            sent += [(name, one) for one in many]
        sent += [(press, n.get("value")) for n in known if n.tag == "button" and _is(n, press)][:1]
        return self._send(form.get("action") or self.page.url, sent)

    def choose(self, form: dom.Node, press: str, value: str) -> Page:
        """Press one of several buttons of the same name."""
        return self._send(
            form.get("action") or self.page.url, [*dom.defaults(form), (press, value)]
        )

    def post(self, path: str, token_from: Page, **values: str) -> Page:
        """Send what no form offers, with the token of a page: how somebody would try to cheat."""
        form = token_from.form(csrfmiddlewaretoken="")
        tokens = [(n, v) for n, v in dom.defaults(form) if n == "csrfmiddlewaretoken"]
        return self._send(path, [*tokens, *values.items()])

    def _send(self, path: str, sent: list[tuple[str, str | File]]) -> Page:
        boundary = secrets.token_hex(16)
        here = self.page.url if hasattr(self, "page") else f"{self.base}/"
        head = {
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Referer": here,
        }
        url = urljoin(here, path)
        return self._open(urllib.request.Request(url, _multipart(sent, boundary), head))

    def _open(self, request: urllib.request.Request) -> Page:
        request.add_header("Accept-Language", self.language)
        try:
            with self.opener.open(request, timeout=TIMEOUT) as answer:
                self.page = _page(answer)
        except urllib.error.HTTPError as answer:
            self.page = Page(answer.url, answer.code, answer.read())
        return self.page


def _is(node: dom.Node, press: str) -> bool:
    return bool(press) and node.get("name") == press


def _page(answer: HTTPResponse) -> Page:
    return Page(answer.url, answer.status, answer.read())


def _multipart(sent: list[tuple[str, str | File]], boundary: str) -> bytes:
    parts: list[bytes] = []
    for name, value in sent:
        about = f'form-data; name="{name}"'
        if isinstance(value, File):
            about += f'; filename="{value.name}"\r\nContent-Type: {value.kind}'
        content = value.content if isinstance(value, File) else value.encode()
        parts.append(f"--{boundary}\r\nContent-Disposition: {about}\r\n\r\n".encode() + content)
    return b"\r\n".join([*parts, f"--{boundary}--\r\n".encode()])


def _cookie(name: str, value: str, base: str) -> Cookie:
    host = urlsplit(base).hostname or ""
    domain = host if "." in host else f"{host}.local"
    return Cookie(
        0, name, value, None, False, domain, False, False, "/", True, False, None, True,
        None, None, {},
    )  # fmt: skip
