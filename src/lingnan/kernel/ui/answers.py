"""What was typed into a form's fields, and what is wrong with it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from lingnan.kernel.ui.fields import FieldView
from lingnan.kernel.ui.words import legal_date

EARLIEST = date(1900, 1, 1)
MOST_DIGITS = 15
LONGEST = 200
Said = dict[str, Any]


def wrong_text(text: str, longest: int, required: bool = True) -> str:
    """What is wrong with a text of at most `longest` characters; empty when nothing is."""
    if required and not text:
        return _("Please fill this in.")
    if len(text) > longest:
        return _("This is too long: at most %(count)s characters.") % {"count": longest}
    return ""


def whole_number(text: str, most: int, negative: bool = False) -> int | None:
    """The whole number that ASCII digits write, of a size up to `most`; None for all else."""
    digits = text.removeprefix("-") if negative else text
    if not (digits.isascii() and digits.isdigit()) or len(digits) > MOST_DIGITS:
        return None
    return int(text) if int(digits) <= most else None


def day(text: str, earliest: date | None = None, latest: date | None = None) -> date | None:
    """The day that an ISO text gives, if it is within the bounds; else None."""
    try:
        value = date.fromisoformat(text)
    except ValueError:
        return None
    early = earliest is not None and value < earliest
    late = latest is not None and value > latest
    return None if early or late else value


class Answers:
    """The answers to one form of a page: empty unless that form was posted.

    `act` says which form (the hidden field of `Form.act`); without it any form that was posted.
    A value is read and judged by the kind of question it answers; `wrong` holds, by field, what
    has to be put right.
    """

    def __init__(self, request: HttpRequest, act: str | None = None) -> None:
        self.act = request.POST.get("act", "") if act is None else act
        self.posted = request.method == "POST" and request.POST.get("act", "") == self.act
        self._source = request.POST if self.posted else QueryDict()
        self.wrong: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        """What was typed, without the blanks around it."""
        return str(self._source.get(name, "")).strip()

    def _judge(self, name: str, error: str) -> None:
        if self.posted and error:
            self.wrong[name] = error

    def text(self, name: str, longest: int, required: bool = True) -> str:
        self._judge(name, wrong_text(self[name], longest, required))
        return self[name]

    def whole(self, name: str, most: int, required: bool = True, negative: bool = False) -> int:
        """A whole number up to `most`; 0 where it is none."""
        value = whole_number(self[name] or ("" if required else "0"), most, negative)
        if value is None:
            words = _("Please give a whole number, digits only, at most %(most)s.")
            self._judge(name, words % {"most": f"{most:,}"})
        return value or 0

    def chosen(self, name: str, options: Sequence[str]) -> str:
        """One of the options."""
        self._judge(name, "" if self[name] in options else _("Please choose."))
        return self[name]

    def ticked(self, name: str) -> bool:
        return self[name] == "1"

    def several(self, name: str) -> tuple[str, ...]:
        """What is ticked in a group of tick boxes."""
        return tuple(self._source.getlist(name))

    def day(self, name: str, latest: date) -> date | None:
        """A day from 1900 to `latest`; None where it is none."""
        value = day(self[name], EARLIEST, latest)
        if value is None:
            words = _("Please give a day between 1900 and %(day)s.")
            self._judge(name, words % {"day": legal_date(latest)})
        return value

    def field(self, name: str, label: str, **more: Any) -> FieldView:
        """The question with what was typed, and with what is wrong about it."""
        value = more.pop("value", self[name])
        return FieldView(name, label, value=value, error=self.wrong.get(name, ""), **more)

    def read(self, fields: Sequence[FieldView]) -> tuple[Said, list[FieldView]]:
        """The values of a form's fields, each judged by its declaration; the fields as typed.

        A date is a date (None where it is none), a group of tick boxes a tuple, all else a text.
        """
        said: Said = {}
        drawn = []
        for one in fields:
            group = one.kind == "checkbox" and bool(one.options)
            value: Any = self.several(one.name) if group else self[one.name]
            error, said[one.name] = _judged(one, value)
            self._judge(one.name, error)
            drawn.append(replace(one, value=value, error=self.wrong.get(one.name, "")))
        return said, drawn

    @property
    def good(self) -> bool:
        return self.posted and not self.wrong


def _judged(one: FieldView, value: Any) -> tuple[str, Any]:
    if not value:
        return (_("Please fill this in.") if one.required else "", value)
    known = {option.value for option in one.options}
    if known and not known.issuperset(value if isinstance(value, tuple) else (value,)):
        return _("This is none of the choices."), value
    if one.kind == "date":
        found = day(value)
        words = _("Please give a day as year, month and day, such as 2011-06-30.")
        return ("" if found else words), found
    if isinstance(value, str):
        return wrong_text(value, one.maxlength or LONGEST), value
    return "", value
