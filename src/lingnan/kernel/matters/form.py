"""Forms: sections and fields, each bound to a registered data element or saying why not."""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from lingnan.kernel.runtime.api import Title
from lingnan.standards import credit_code, resident_number

TYPES = ("text", "textarea", "number", "date", "radio", "select", "checkbox", "place")
PHONE = re.compile(r"^\+?[0-9][0-9 -]{6,18}$")


@dataclass(frozen=True)
class Field:
    """One question. `resource` is set where a record answers it, `because` where none can; `own`
    where none ever could, because the applicant decides it."""

    name: str
    title: Title
    type: str
    hint: Title | None
    element: str
    resource: str
    because: Title | None
    required: bool
    options: tuple[tuple[str, Title], ...]
    limits: Mapping[str, Any]
    unit: Title | None
    own: bool = False

    @property
    def bound(self) -> bool:
        return bool(self.resource)

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Field":
        kind = row["type"]
        if kind not in TYPES:
            raise ValueError(f"{row['name']}: unknown type {kind}")
        if row.get("limits", {}).get("format", "phone") not in FORMATS:
            raise ValueError(f"{row['name']}: unknown format")
        if kind in ("radio", "select") and not row.get("options"):
            raise ValueError(f"{row['name']}: a choice without options")
        return cls(
            name=row["name"],
            title=Title.of(row["title"]),
            type=kind,
            hint=Title.of(row["hint"]) if "hint" in row else None,
            element=row.get("element", ""),
            resource=row.get("from", ""),
            because=Title.of(row["because"]) if "because" in row else None,
            required=row.get("required", True),
            options=tuple((o["value"], Title.of(o["title"])) for o in row.get("options", [])),
            limits=row.get("limits", {}),
            unit=Title.of(row["unit"]) if "unit" in row else None,
            own=row.get("own", False),
        )

    def clean(self, raw: str) -> Any:
        """The value to keep. Raises ValueError with a sentence for the applicant."""
        text = raw.strip()
        if not text:
            if self.required:
                raise ValueError(_("Please answer this question."))
            return ""
        return CLEANERS[self.type](self, text)

    def display(self, value: Any) -> str:
        """A kept value as people read it."""
        for option, title in self.options:
            if option == value:
                return str(title)
        if value in ("", None):
            return "—"
        if self.type == "checkbox":
            return str(_("Yes"))
        return f"{value} {self.unit}" if self.unit else str(value)


def _text(field: Field, text: str) -> str:
    longest = int(field.limits.get("max_length", 200))
    if len(text) > longest:
        raise ValueError(_("Please use at most %(n)s characters.") % {"n": longest})
    if any(ord(c) < 32 and c not in "\r\n\t" for c in text):
        raise ValueError(_("This contains characters that cannot be kept."))
    if field.limits.get("format"):
        return FORMATS[field.limits["format"]](text)
    return text


def _phone(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    if not PHONE.match(text):
        raise ValueError(_("Please give a telephone number, for example 13800000000."))
    return text


def _resident_number(text: str) -> str:
    try:
        return resident_number.parse(text).number
    except resident_number.InvalidResidentNumber:
        raise ValueError(_("This is no resident number: please check its 18 characters.")) from None


def _credit_code(text: str) -> str:
    try:
        return credit_code.parse(text).number
    except credit_code.InvalidCreditCode:
        raise ValueError(_("This is no credit code: please check its 18 characters.")) from None


FORMATS: dict[str, Callable[[str], str]] = {
    "phone": _phone,
    "resident_number": _resident_number,
    "credit_code": _credit_code,
}


def _number(field: Field, text: str) -> int | float:
    try:
        value = float(text)
    except ValueError:
        raise ValueError(_("Please give a number, for example 62.")) from None
    if not math.isfinite(value):
        raise ValueError(_("Please give a number, for example 62."))
    low, high = field.limits.get("min"), field.limits.get("max")
    if low is not None and value < low:
        raise ValueError(_("The smallest possible number is %(n)s.") % {"n": low})
    if high is not None and value > high:
        raise ValueError(_("The largest possible number is %(n)s.") % {"n": high})
    return int(value) if value == int(value) else value


def _date(field: Field, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError(_("This day does not exist. Example: 2026-03-02.")) from None


def _choice(field: Field, text: str) -> str:
    if text not in {value for value, _title in field.options}:
        raise ValueError(_("Please choose one of the answers."))
    return text


def _checkbox(field: Field, text: str) -> str:
    return "yes"


CLEANERS: dict[str, Any] = {
    "text": _text,
    "textarea": _text,
    "number": _number,
    "date": _date,
    "radio": _choice,
    "select": _choice,
    "checkbox": _checkbox,
    "place": _text,
}


@dataclass(frozen=True)
class Section:
    title: Title
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Form:
    sections: tuple[Section, ...]

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "Form":
        """From form.json. Raises ValueError or KeyError on a broken form."""
        return cls(
            tuple(
                Section(Title.of(part["title"]), tuple(Field.of(row) for row in part["fields"]))
                for part in content["sections"]
            )
        )

    def fields(self) -> list[Field]:
        return [field for section in self.sections for field in section.fields]

    def field(self, name: str) -> Field:
        return next(field for field in self.fields() if field.name == name)
