"""Form fields as the reader meets them. What a field means and checks is decided elsewhere."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeAlias

from django.utils.translation import gettext

from lingnan.kernel.ui.components import Link, Text
from lingnan.kernel.ui.words import chinese, legal_date, listed

FieldKind: TypeAlias = Literal[
    "text",
    "textarea",
    "number",
    "date",
    "select",
    "radio",
    "checkbox",
    "file",
    "readonly",
    "place",
]
Width: TypeAlias = Literal["", "short", "medium", "full"]
ONE_LINE = 34
WIDTHS: dict[str, Width] = {"number": "short", "date": "medium"}


@dataclass(frozen=True)
class Option:
    value: str
    text: Text
    hint: Text = ""


def options(pairs: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> list[Option]:
    """Options of (code, words): a mapping, or a field's choices."""
    listed_ = pairs.items() if isinstance(pairs, Mapping) else pairs
    return [Option(code, str(words)) for code, words in listed_]


@dataclass(frozen=True)
class Source:
    """The record that filled a field; the button `dispute_name` says that it is not right."""

    text: Text
    when: Text
    dispute_name: str = ""


@dataclass(frozen=True)
class Choice:
    """An option drawn as a radio button or a tick box."""

    id: str
    option: Option
    chosen: bool


@dataclass(frozen=True)
class FieldView:
    """One question of a form.

    A field with a source is shown filled and read-only. `blank` names the empty choice of a
    select (“All” in a filter). A tick box without options is a single
    yes ("1"); with options it is a group, and its value is a tuple. A place is typed in words;
    its options are the addresses that they may mean, `suggest_url` gives them as one types, and
    the button `look` asks for them without JavaScript.
    """

    name: str
    label: Text
    hint: Text = ""
    value: str | tuple[str, ...] = ""
    kind: FieldKind = "text"
    options: Sequence[Option] = ()
    required: bool = True
    error: Text = ""
    source: Source | None = None
    inputmode: str = ""
    maxlength: int | None = None
    autocomplete: str = ""
    unit: Text = ""
    width: Width = ""
    rows: int = 4
    minimum: str = ""
    maximum: str = ""
    accept: Sequence[str] = ()
    max_megabytes: int | None = None
    multiple: bool = False
    blank: Text = ""
    files: Sequence[Link] = ()
    suggest_url: str = ""
    among: str = ""
    template: ClassVar[str] = "ui/field.html"

    @property
    def id(self) -> str:
        """The id of the field's (first) control: what an error summary links to. `among` tells
        it from that of a field of the same name in another form of the page."""
        return "id_" + re.sub(r"[^\w.-]", "-", self.among + self.name)

    @property
    def read_only(self) -> bool:
        return self.source is not None or self.kind == "readonly"

    @property
    def grouped(self) -> bool:
        one_of_several = self.kind == "radio" or (self.kind == "checkbox" and bool(self.options))
        return one_of_several and not self.read_only

    @property
    def values(self) -> tuple[str, ...]:
        return self.value if isinstance(self.value, tuple) else (self.value,)

    @property
    def choices(self) -> list[Choice]:
        chosen = set(self.values)
        return [
            Choice(self.id if i == 0 else f"{self.id}-{i}", option, option.value in chosen)
            for i, option in enumerate(self.options)
        ]

    @property
    def checked(self) -> bool:
        return bool(self.value) and self.value not in {"0", "false", "False"}

    @property
    def shown(self) -> str:
        """The value in the reader's words: an option's text, a date in full."""
        if self.kind == "date":
            return legal_date(self.value)
        if self.kind == "checkbox" and not self.options:
            return gettext("Yes") if self.checked else gettext("No")
        texts = {option.value: str(option.text) for option in self.options}
        return listed(texts.get(value, value) for value in self.values)

    @property
    def carried(self) -> tuple[str, ...]:
        """Values sent along unseen, when what is shown is not what is stored."""
        return () if (self.shown,) == self.values else self.values

    @property
    def long(self) -> bool:
        """Whether a read-only value needs more than a line on a phone."""
        wide = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in self.shown)
        return wide > ONE_LINE

    @property
    def described(self) -> str:
        """Ids for aria-describedby: help, error and source, those that there are."""
        there = {
            "hint": self.hint or self.limits,
            "error": self.error,
            "source": self.source,
        }
        return " ".join(f"{self.id}-{part}" for part, value in there.items() if value)

    @property
    def size(self) -> str:
        return self.width or WIDTHS.get(self.kind, "full")

    @property
    def mode(self) -> str:
        return self.inputmode or ("decimal" if self.kind == "number" else "")

    @property
    def accepts(self) -> str:
        return ",".join(f".{kind.lower().lstrip('.')}" for kind in self.accept)

    @property
    def limits(self) -> str:
        """What a file may be, in words."""
        if self.kind != "file":
            return ""
        said = []
        if self.accept:
            kinds = listed(kind.upper().lstrip(".") for kind in self.accept)
            said.append(gettext("Allowed: %(kinds)s.") % {"kinds": kinds})
        if self.max_megabytes:
            text = gettext("Each file up to %(size)s MB.")
            said.append(text % {"size": f"{self.max_megabytes:,}"})
        if self.files:
            said.append(gettext("What is there stays; choosing another file replaces it."))
        return ("" if chinese() else " ").join(said)


@dataclass(frozen=True)
class ErrorSummary:
    """What has to be put right, each with a way to its field: (field id, message)."""

    items: Sequence[tuple[str, Text]]
    template: ClassVar[str] = "ui/error_summary.html"

    @classmethod
    def of(cls, fields: Iterable[FieldView]) -> "ErrorSummary":
        said = gettext("%(label)s: %(error)s")
        return cls([(f.id, said % {"label": f.label, "error": f.error}) for f in fields if f.error])
