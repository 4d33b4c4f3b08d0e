"""The moment at which a register is read: a day, and the day up to which was known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from lingnan.kernel.runtime.api import Moment, legal_time
from lingnan.kernel.ui import api as ui

FIRST = date(1900, 1, 1)


class BadMoment(ValueError):
    """A day that cannot be; the text says why, in the reader's language."""

    def __init__(self, name: str, words: str) -> None:
        super().__init__(words)
        self.name, self.words = name, words


@dataclass(frozen=True)
class Asked:
    """What a reader asked for, as typed, and the moment it means (None: today, as known now)."""

    on: str = ""
    known: str = ""
    moment: Moment | None = None

    @property
    def query(self) -> str:
        """The part of an address that asks for it again."""
        asked = {name: text for name, text in (("on", self.on), ("known", self.known)) if text}
        return urlencode(asked) if self.moment else ""


def asked(told: Mapping[str, str]) -> Asked:
    """The moment that an address asks for by `on` and `known`. Raises BadMoment."""
    on, known = told.get("on", "").strip(), told.get("known", "").strip()
    if not on and not known:
        return Asked()
    valid = _day("on", on) or legal_time.today()
    until = _day("known", known)
    if until is not None and until > legal_time.today():
        raise BadMoment("known", _("What will be known on a day to come, nobody can say."))
    return Asked(on, known, Moment(valid, end_of(until) if until else None))


def end_of(day: date) -> datetime:
    """The last instant of a day in China."""
    return datetime.combine(day, time.max, legal_time.CHINA)


def _day(name: str, text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        words = _("Please give a day as year, month and day, such as 2011-06-30.")
        raise BadMoment(name, words) from None
    if day < FIRST:
        raise BadMoment(name, _("Nothing is on record before 1900."))
    return day


def read(told: Mapping[str, str]) -> tuple[Asked, BadMoment | None]:
    """`asked`, with the fault as a value."""
    try:
        return asked(told), None
    except BadMoment as error:
        return Asked(), error


@dataclass(frozen=True)
class Past:
    """The form that asks for a moment, and what a reader of the past must not overlook.

    A list's form asks for its filters and order too; `hidden` goes with it unseen.
    """

    fields: Sequence[ui.FieldView]
    errors: ui.ErrorSummary | None
    notice: ui.Notice | None
    hidden: Mapping[str, str]
    more: Sequence[ui.FieldView] = ()

    @property
    def open(self) -> bool:
        return self.errors is not None or any(field.value for field in self.every)

    @property
    def every(self) -> Sequence[ui.FieldView]:
        return [*self.more, *self.fields]


def panel(
    told: Mapping[str, str],
    asked: Asked,
    error: BadMoment | None,
    here: str,
    hidden: Mapping[str, str],
    more: Sequence[ui.FieldView] = (),
) -> Past:
    """What the pages of a register say about the moment; `here` is the page of today."""
    made = _fields(told, error)
    wrong = any(field.error for field in [*more, *made])
    return Past(
        made,
        ui.ErrorSummary.of([*more, *made]) if wrong else None,
        _notice(asked.moment, here) if asked.moment else None,
        {name: value for name, value in hidden.items() if value},
        more,
    )


def _fields(told: Mapping[str, str], error: BadMoment | None) -> list[ui.FieldView]:
    """The two days as fields of a form."""
    said = {error.name: error.words} if error else {}
    return [
        ui.FieldView(
            "on", _("As it held on"), "", told.get("on", ""), "date",
            required=False, error=said.get("on", ""), minimum=FIRST.isoformat(),
        ),
        ui.FieldView(
            "known", _("As it was known on"), "",
            told.get("known", ""), "date",
            required=False, error=said.get("known", ""), maximum=legal_time.today().isoformat(),
        ),
    ]  # fmt: skip


def _notice(moment: Moment, back: str) -> ui.Notice:
    """What a reader of the past must not overlook, and the way back to today."""
    day = ui.legal_date(moment.valid)
    if moment.known is None:
        title = _("As it held on %(day)s") % {"day": day}
    else:
        title = _("As it held on %(day)s, by what was known on %(known)s") % {
            "day": day,
            "known": ui.legal_date(moment.known.astimezone(legal_time.CHINA).date()),
        }
    text = _("Later changes and corrections are not shown here.")
    return ui.Notice("info", title, text, ui.Link(back, _("Back to today")))
