"""Whether a definition defines: the rules of ISO/IEC 11179-4, as far as a program can tell.

A definition states what a concept is, in a phrase or sentence of its own, in the singular, without
defining it by itself, by what it is not, or by what it is used for. What a program cannot judge
(whether the essence is told) the second official judges.
"""

import re
from collections.abc import Iterable, Mapping

LEAST = {"zh": 6, "en": 12}
BREAKS = ("absent", "only_name", "negative", "short", "use", "circular")
"""What can be wrong, by code, in the order in which it is told."""
_NEGATIVE = {"zh": re.compile(r"^(不是|并非|非|不属于)"), "en": re.compile(r"^(not|no)\b", re.I)}
_USE = {
    "zh": re.compile(r"(用于|用来|以便|为了)"),
    "en": re.compile(r"\b(used (for|to)|in order to|so that)\b", re.I),
}
_MARKS = re.compile(r"[\s。．.，,；;：:“”\"'（）()《》]+")


def faults(language: str, name: str, definition: str) -> list[str]:
    """What is wrong with one definition by itself, by codes of `BREAKS`. `language`: zh, en."""
    plain, title = _plain(definition), _plain(name)
    if not plain:
        return ["absent"]
    if plain == title:
        return ["only_name"]
    found = []
    if _NEGATIVE[language].search(definition.strip()):
        found.append("negative")
    if len(plain) < LEAST[language]:
        found.append("short")
    if _USE[language].search(definition):
        found.append("use")
    if title and _by_itself(language, name, definition):
        found.append("circular")
    return found


def _by_itself(language: str, name: str, definition: str) -> bool:
    """“X is the X of …”: what should be explained is the first or last word of what explains."""
    if language == "en":
        wanted = name.casefold().split()
        told = [word for word in _plain_words(definition) if word not in ("the", "a", "an")]
        return told[: len(wanted)] == wanted
    title = _plain(name)
    told_zh = _plain(definition).removeprefix(title)
    for sign in ("是指", "是", "指"):
        told_zh = told_zh.removeprefix(sign)
    return told_zh.startswith(title) or told_zh.endswith(title)


def _plain_words(text: str) -> list[str]:
    return _MARKS.sub(" ", text).casefold().split()


def circles(told: Mapping[str, tuple[str, str]]) -> set[str]:
    """The codes of elements that are defined by each other. `told`: code → (name, definition).

    Only pairs are looked for: A by B and B by A. Names of less than two letters name nothing.
    """
    names = {code: _plain(name) for code, (name, _text) in told.items()}
    texts = {code: _plain(text) for code, (_name, text) in told.items()}
    by_name: dict[str, list[str]] = {}
    for code, name in names.items():
        if len(name) > 1:
            by_name.setdefault(name, []).append(code)
    uses = {code: _used(texts[code], by_name, code) for code in told}
    return {one for one, others in uses.items() if any(one in uses[other] for other in others)}


def _used(text: str, by_name: Mapping[str, list[str]], own: str) -> set[str]:
    """The elements whose names stand in a text: each stretch of it is looked up, not each name."""
    longest = min(max(map(len, by_name), default=0), len(text))
    found: set[str] = set()
    for start in range(len(text)):
        for size in range(2, min(longest, len(text) - start) + 1):
            found.update(by_name.get(text[start : start + size], ()))
    return found - {own}


def _plain(text: str) -> str:
    return _MARKS.sub("", text).casefold()


def worst(found: Iterable[str]) -> str:
    """The first of the breaks, or ""."""
    broken = set(found)
    return next((one for one in BREAKS if one in broken), "")
