"""Whether every string that a page can show has its Chinese translation.

Strings are extracted as `makemessages` would, from Python and from templates, and looked up
in the catalogue of their own application (`<application>/locale/zh_Hans`), or of the design
system, which holds the words that all share.

Django puts all catalogues into one, where the application installed first wins: what two of them
translate differently would show the wrong word in one, so it is a fault too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from lingnan.node.catalogues import APPLICATIONS, SOURCE

LANGUAGE = "zh_Hans"
Key = tuple[str, str | None]
SHARED = "kernel/ui"
KEYWORDS: dict[str, Any] = {
    "_": None,
    "lazy": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


@dataclass(frozen=True)
class Message:
    """A string to translate and the place that uses it first."""

    text: str
    context: str | None
    place: str


def faults(source: Path = SOURCE) -> list[str]:
    """What is missing, fuzzy, broken or translated in two ways, a line each."""
    shared = _translated(source / SHARED)[0]
    said: dict[Key, dict[str, list[str]]] = {}
    found = []
    for application in applications(source):
        room = str(application.relative_to(source))
        own, broken = _translated(application)
        found += [f"{room}: {fault}" for fault in broken]
        for key, words in own.items():
            said.setdefault(key, {}).setdefault(words, []).append(room)
        for message in messages(application, source):
            key = (message.text, message.context)
            if key not in own and key not in shared:
                found.append(f"{message.place}: no Chinese for {message.text!r}")
    return found + list(_disagreements(said))


def _disagreements(said: dict[Key, dict[str, list[str]]]) -> Iterator[str]:
    """Each string with more than one translation, and whose they are."""
    for (text, context), ways in said.items():
        if len(ways) > 1:
            name = repr(text) if context is None else f"{text!r} ({context})"
            told = "; ".join(f"{words} in {', '.join(rooms)}" for words, rooms in ways.items())
            yield f"two translations of {name}, unify them or give one a context: {told}"


def applications(source: Path = SOURCE) -> Iterator[Path]:
    """The folders that may hold a `locale` folder."""
    for pattern in APPLICATIONS:
        yield from sorted(path for path in source.glob(pattern) if path.is_dir())


def messages(application: Path, source: Path = SOURCE) -> list[Message]:
    """The strings of one application, each once."""
    found: dict[Key, Message] = {}
    for path in sorted(application.rglob("*")):
        inside = path.relative_to(application).parts
        if path.suffix not in (".py", ".html", ".txt") or "tests" in inside:
            continue
        if path.suffix != ".py" and "templates" not in inside:
            continue
        for line, text, context in extract(path):
            place = f"{path.relative_to(source)}:{line}"
            found.setdefault((text, context), Message(text, context, place))
    return list(found.values())


def extract(path: Path) -> Iterator[tuple[int, str, str | None]]:
    """(line, string, context) of every translatable string of a file."""
    from babel.messages.extract import extract as extract_calls

    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        text = _as_python(text)
    for line, words, _, context in extract_calls("python", BytesIO(text.encode()), KEYWORDS):
        singular = words if isinstance(words, str) else words[0]
        if singular:
            yield line, singular, context


def _as_python(template: str) -> str:
    """Django's own rewriting of a template into calls of gettext, made readable for Python."""
    from django.utils.translation.template import templatize

    calls = templatize(template)
    # What is not a call is blanked out with X, and its indentation means nothing in Python.
    return "\n".join(re.sub(r"^\s+", "", line) for line in calls.split("\n"))


def _translated(application: Path) -> tuple[dict[Key, str], list[str]]:
    """What an application's catalogues translate, into what, and what is wrong with them."""
    from babel.messages.pofile import read_po

    done: dict[Key, str] = {}
    wrong = []
    for path in sorted(application.glob(f"locale/{LANGUAGE}/LC_MESSAGES/*.po")):
        with path.open("rb") as stream:
            catalogue = read_po(stream, locale=LANGUAGE)
        for message in catalogue:
            text = message.id if isinstance(message.id, str) else message.id[0]
            words = [message.string] if isinstance(message.string, str) else message.string or [""]
            if not text:
                continue
            if message.fuzzy:
                wrong.append(f"{path.name}: fuzzy: {text!r}")
            elif all(words):
                done[text, message.context] = " / ".join(words)
                wrong += [f"{path.name}: {text!r}: {error}" for error in message.check(catalogue)]
    return done, wrong
