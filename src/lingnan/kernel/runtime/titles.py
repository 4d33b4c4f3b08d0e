"""Names in two languages, as declarations carry them."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language


@dataclass(frozen=True)
class Title:
    """A Chinese and an English name; `str()` gives the reader's."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh

    @classmethod
    def of(cls, value: Any) -> "Title":
        """From {"zh": …, "en": …}. Raises ValueError when either is absent."""
        if isinstance(value, Title):
            return value
        if not isinstance(value, dict) or not value.get("zh") or not value.get("en"):
            raise ValueError(f"a title needs zh and en: {value!r}")
        return cls(str(value["zh"]), str(value["en"]))
