"""Dates, days, money and numbers of identity, written for the reader's language."""

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
RESIDENT_ID = re.compile(r"[0-9*]{6}[0-9*]{8}[0-9*]{3}[0-9X*]")
CREDIT_CODE = re.compile(r"[0-9A-Z*]{18}")
MOBILE = re.compile(r"1[0-9*]{10}")
PLAIN = re.compile(r"[0-9A-Z*]{9,}")


def chinese() -> bool:
    """Whether the page being rendered speaks Chinese (the default when none is active)."""
    return (get_language() or "zh").startswith("zh")


def listed(words: Iterable[object]) -> str:
    """Several words in a row: 甲、乙 / one, other."""
    return ("、" if chinese() else ", ").join(str(word) for word in words)


def _as_date(value: object) -> date | None:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def legal_date(value: object, length: str = "long") -> str:
    """2026年3月2日 / 2 March 2026; with length "short" 3月2日 / 2 March.

    Takes a date, a datetime or an ISO date in text; anything else is given back as text.
    """
    day = _as_date(value)
    if day is None:
        return "" if value is None else str(value)
    short = length == "short"
    if chinese():
        return f"{day.month}月{day.day}日" if short else f"{day.year}年{day.month}月{day.day}日"
    name = f"{day.day} {MONTHS[day.month - 1]}"
    return name if short else f"{name} {day.year}"


def legal_datetime(value: object, length: str = "long") -> str:
    """The date and the time of day in the province: 2026年3月2日 14:05 / 2 March 2026, 14:05."""
    if isinstance(value, str) and "T" in value:
        with suppress(ValueError):
            value = datetime.fromisoformat(value)
    if not isinstance(value, datetime):
        return legal_date(value, length)
    here = timezone.localtime(value) if timezone.is_aware(value) else value
    joint = " " if chinese() else ", "
    return f"{legal_date(here, length)}{joint}{here:%H:%M}"


def days_left(value: object, unit: str = "working") -> str:
    """How far a limit is, in words; negative is overdue. unit: "working" or "calendar"."""
    if value is None or value == "":
        return ""
    days = int(str(value))
    if days == 0:
        return gettext("Due today")
    n = abs(days)
    if unit == "calendar":
        left, over = (
            ngettext("%(n)s day left", "%(n)s days left", n),
            ngettext("%(n)s day overdue", "%(n)s days overdue", n),
        )
    else:
        left, over = (
            ngettext("%(n)s working day left", "%(n)s working days left", n),
            ngettext("%(n)s working day overdue", "%(n)s working days overdue", n),
        )
    return (left if days > 0 else over) % {"n": n}


def money(value: object, unit: str = "yuan") -> str:
    """1,234.50 元 / ¥1,234.50. unit "fen" takes whole fen. Not a number: given back as text."""
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return "" if value is None else str(value)
    if unit == "fen":
        amount /= 100
    if chinese():
        return f"{amount:,.2f} 元"
    return f"{'-' if amount < 0 else ''}¥{abs(amount):,.2f}"


def _groups(text: str) -> list[int]:
    if RESIDENT_ID.fullmatch(text) and text[6:8] in {"18", "19", "20", "**"}:
        return [6, 8, 4]
    if CREDIT_CODE.fullmatch(text):
        return [2, 6, 9, 1]
    if MOBILE.fullmatch(text):
        return [3, 4, 4]
    if PLAIN.fullmatch(text):
        return [4] * -(-len(text) // 4)
    return [len(text)]


def spaced_id(value: object) -> SafeString:
    """Groups the signs of a number for reading; copying it gives the number without gaps."""
    text = "" if value is None else str(value)
    parts, start = [], 0
    for width in _groups(text):
        parts.append((text[start : start + width],))
        start += width
    return format_html('<span class="id">{}</span>', format_html_join("", "<span>{}</span>", parts))
