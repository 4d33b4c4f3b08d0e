"""One value of a file as its field stores it, or why it cannot be."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation

from lingnan.kernel.registry.importing.days import days_to_come, read_day
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.ui import api as ui

Field: TypeAlias = "models.Field[Any, Any]"
Cleaner = Callable[[Any], Any]
TURNED = re.compile(r"[+-]?\d(?:\.\d+)?[Ee]\+\d+")
WHOLE = re.compile(r"[+-]?\d+")
# Full-width letters, digits and signs as they stand on the usual keyboard.
NARROW = {place: place - 0xFEE0 for place in range(0xFF01, 0xFF5F)}
STRIPPED = " \t\r\n\u3000\u00a0\ufeff\u200b"
YES = frozenset({"1", "true", "yes", "y", "是", "有", "√"})
NO = frozenset({"0", "false", "no", "n", "否", "无", "×"})
# Excel counts days from here (with its own 29 February 1900); what holds up to 9999.
SERIAL, SERIALS = date(1899, 12, 30), range(61, 2_958_466)
LOST = ("\x00", "\ufffd")
EXACT = 10**15
TEXTS = (models.CharField, models.TextField)


class Formula(str):
    """A formula of a spreadsheet: it has no value of its own."""


class Nested(str):
    """A list or a structure of a Parquet file, where a plain value should stand."""


class Refused(Exception):
    """A value that cannot be stored: `code` is a key of words.VALUES, `more` what it tells."""

    def __init__(self, code: str, more: str = "") -> None:
        super().__init__(code)
        self.code, self.more = code, more


def refused_by(error: ValidationError) -> Refused:
    """What a validator said, in both languages: who reads it later may read another."""
    said = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said.append("；".join(str(message) for message in error.messages))
    return Refused("invalid", "\n".join(said))


def cleaner(field: Field, strict: bool = False) -> Cleaner:
    """What turns a cell of this field into its value, or raises Refused.

    `strict`: the field is the one that people know a record by; a number that a spreadsheet
    made of it is refused, since leading zeros are lost and nobody can tell.
    """
    validators = [one for one in field.validators if one is not days_to_come]
    convert = _converting(field, strict)

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            value = _text(value)
        elif isinstance(value, list | dict):
            raise Refused("nested")
        if value is None or value == "":
            return _blank(field)
        made = convert(value)
        for validator in validators:
            try:
                validator(made)
            except ValidationError as error:
                raise refused_by(error) from None
        return made

    return clean


def can_be_kept(text: str) -> bool:
    """Whether UTF-8 can write a text: half of a surrogate pair, as JSON may have it, it cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _text(value: str) -> str:
    if isinstance(value, Formula):
        raise Refused("formula")
    if isinstance(value, Nested):
        raise Refused("nested")
    if LOST[0] in value:
        raise Refused("nought")
    if LOST[1] in value:
        raise Refused("unreadable")
    if not can_be_kept(value):
        raise Refused("unreadable")
    text = value.strip(STRIPPED)
    # As files leave this platform, so that a cell is no formula: taken back, it is as it was.
    return text[1:] if text[:1] == "'" and text[1:2] in ui.FORMULA and text[1:] else text


def _blank(field: Field) -> Any:
    if field.null:
        return None
    if field.blank and isinstance(field, TEXTS):
        return ""
    if field.blank or isinstance(field, models.BooleanField):
        return field.get_default()
    raise Refused("missing")


def _converting(field: Field, strict: bool) -> Cleaner:
    if getattr(field, "flatchoices", None):
        return _choosing(field)
    if isinstance(field, TEXTS):
        return lambda value: _words(value, field.max_length, strict)
    if isinstance(field, models.BooleanField):
        return _yes_or_no
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return _dating(days_to_come in field.validators)
    if isinstance(field, models.IntegerField):
        return _integer
    if isinstance(field, models.FloatField):
        return _float
    if isinstance(field, models.DecimalField):
        return _number
    return lambda value: _any(field, value)


def _words(value: Any, longest: int | None, strict: bool) -> str:
    text = value if isinstance(value, str) else plain(value, strict)
    if strict:
        text = text.translate(NARROW)
    if TURNED.fullmatch(text):
        raise Refused("excel")
    if longest is not None and len(text) > longest:
        raise Refused("long", str(longest))
    return text


def plain(value: Any, strict: bool = False) -> str:
    """A typed cell as text. Raises Refused where the text that was meant cannot be known."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT:
        value = int(value)
    if not isinstance(value, int | float | Decimal):
        return str(value)
    if strict or abs(float(value)) >= EXACT:
        raise Refused("excel")
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _choosing(field: Field) -> Cleaner:
    """By code, or by its words in either language."""
    known: dict[str, Any] = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            known |= {str(words).casefold(): code for code, words in field.flatchoices}
    known |= {str(code).casefold(): code for code, _words in field.flatchoices}

    def choose(value: Any) -> Any:
        text = plain(value) if not isinstance(value, str) else value.translate(NARROW)
        if text.casefold() in known:
            return known[text.casefold()]
        if text.isdigit() and any(text.zfill(n) in known for n in range(len(text), 7)):
            raise Refused("excel")
        raise Refused("choice", text[:40])

    return choose


def _yes_or_no(value: Any) -> bool:
    text = plain(value).casefold() if not isinstance(value, str) else value.casefold()
    text = text.translate(NARROW)
    if text in YES:
        return True
    if text in NO:
        return False
    raise Refused("yes_no", text[:40])


def _dating(future: bool) -> Cleaner:
    today = legal_time.today()

    def day(value: Any) -> date:
        made = _day(value)
        if made > today and not future:
            raise Refused("future")
        return made

    return day


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and value == int(value):
        if int(value) in SERIALS:
            return SERIAL + timedelta(days=int(value))
        value = str(int(value))
    try:
        return read_day(unicodedata.normalize("NFKC", str(value)).strip())
    except ValueError:
        raise Refused("day", str(value)[:40]) from None


def _number(value: Any) -> Decimal:
    if isinstance(value, bool):
        raise Refused("number", str(value))
    text = value if isinstance(value, str) else str(value)
    text = unicodedata.normalize("NFKC", text).replace(",", "").strip()
    try:
        made = Decimal(text)
    except InvalidOperation:
        raise Refused("number", text[:40]) from None
    if not made.is_finite():
        raise Refused("number", text[:40])
    return made


def _float(value: Any) -> float:
    made = float(_number(value))
    if not math.isfinite(made):
        raise Refused("number", str(value)[:40])
    return made


def _integer(value: Any) -> int:
    if isinstance(value, str) and WHOLE.fullmatch(value) and len(value) < 20:
        return int(value)
    made = _number(value)
    if made != made.to_integral_value() or abs(made) > 2**63:
        raise Refused("integer", str(value)[:40])
    return int(made)


def _any(field: Field, value: Any) -> Any:
    try:
        return field.to_python(value)
    except ValidationError as error:
        raise refused_by(error) from None
