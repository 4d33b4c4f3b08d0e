"""Finding a matter by what people say, not by what it is called."""

import re
from collections.abc import Iterable

from lingnan.kernel.matters.api import LifeEvent, Matter

Service = Matter | LifeEvent

CHINESE = re.compile(r"[\u4e00-\u9fff]+")
WORD = re.compile(r"[a-z]+")
# Words that say nothing of what is wanted.
EMPTY = frozenset(
    {"a", "an", "and", "do", "for", "get", "how", "i", "in", "is", "it", "my", "need", "of", "on"}
    | {"the", "to", "want", "what", "with", "我想", "想要", "怎么", "需要", "办理", "一个", "一家"}
)


def pieces(text: str) -> set[str]:
    """English words, and pairs of Chinese characters, in lower case."""
    lower = text.lower()
    words = {word.rstrip("s") for word in WORD.findall(lower)}
    pairs = {run[i : i + 2] for run in CHINESE.findall(lower) for i in range(len(run) - 1)}
    return (words | pairs) - EMPTY


def matching(matters: Iterable[Service], words: str) -> list[Service]:
    """The matters and life events that share something with what was said, the nearest first."""
    said = pieces(words)
    scored = [(len(said & pieces(_text(matter))), matter) for matter in matters]
    found = [(score, matter) for score, matter in scored if score]
    return [matter for _score, matter in sorted(found, key=lambda row: -row[0])]


def _text(matter: Service) -> str:
    title, summary = matter.title, matter.summary
    return " ".join([title.zh, title.en, summary.zh, summary.en, *matter.keywords])
