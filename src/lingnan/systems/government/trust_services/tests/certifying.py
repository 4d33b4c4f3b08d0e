"""Asking for a certificate and getting it, over HTTP, as holders and officers do."""

import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.people import Person
from tests.pki import asking

CHECKER, ISSUER = "440100-data-certificate_officer", "440100-data-certificate_officer-2"
HOLDER = "440103-market-reviewer"


def upload(request: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("request.csr", request, "application/octet-stream")


def file(who: Person, kind: str = "official", request: bytes | None = None, **said: Any) -> str:
    """Apply; returns the number. `address` adds to the address (a renewal)."""
    address = said.pop("address", "")
    if request is not None:
        said["request"] = upload(request)
    who.post(f"/certification/apply/{kind}/{address}", **({"days": "365"} | said))
    found = re.fullmatch(r"/certification/mine/([A-Z0-9]+)/", who.url)
    assert found, who.said
    return found[1]


def refused(who: Person, kind: str, request: bytes | None, **said: Any) -> str:
    """Apply in vain; returns the page's words."""
    if request is not None:
        said["request"] = upload(request)
    who.post(f"/certification/apply/{kind}/", **({"days": "365"} | said))
    assert who.status == 422, who.said
    return who.said


def desk(number: str) -> str:
    return f"/desk/certification/applications/{number}/"


def decide(number: str, checker: str = CHECKER, issuer: str = ISSUER) -> None:
    """One officer checks, another issues."""
    first = Person(checker)
    first.post(desk(number), act="check", found="核对了任职文件和工作证")
    assert first.status == 200, first.said
    second = Person(issuer)
    second.post(desk(number), act="issue")
    assert second.status == 200, second.said


def issued(login: str = HOLDER, kind: str = "official", **said: Any) -> str:
    """A certificate over a new key; returns the application's number."""
    number = file(Person(login), kind, asking.request(asking.key()), **said)
    decide(number)
    return number
