"""What the pages of signing in show beside the usual: hidden fields, codes, a passkey's button."""

from dataclasses import dataclass
from typing import ClassVar

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lingnan.kernel.ui import api as ui


@dataclass(frozen=True)
class SecretField(ui.FieldView):
    """A field whose content is not shown, nor sent back."""

    template: ClassVar[str] = "trust/secret.html"


@dataclass(frozen=True)
class PasskeyForm:
    """A form that a device answers: `options` gives what it is asked, `url` takes the answer."""

    title: str
    button: str
    url: str
    options: str
    kind: str
    note: str = ""
    next: str = ""
    again: bool = False
    fields: tuple[ui.FieldView, ...] = ()
    template: ClassVar[str] = "trust/passkey.html"


@dataclass(frozen=True)
class Picture:
    """A text as a QR code, for a camera, and what can be typed instead."""

    text: str
    about: str
    typed: str = ""
    template: ClassVar[str] = "trust/qr.html"

    @property
    def source(self) -> str:
        code = segno.make(self.text, error="m", micro=False)
        return code.svg_data_uri(scale=5, border=2)


@dataclass(frozen=True)
class Codes:
    """Codes to be written down or printed."""

    codes: tuple[str, ...]
    template: ClassVar[str] = "trust/codes.html"


@dataclass(frozen=True)
class Command:
    """What is typed into a terminal."""

    text: str
    template: ClassVar[str] = "trust/command.html"


def shown(request: HttpRequest, page: ui.Page, status: int = 200, wait: int = 0) -> HttpResponse:
    """A page on which a device may be asked."""
    response = render(request, "trust/page.html", {"page": page}, status=status)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response
