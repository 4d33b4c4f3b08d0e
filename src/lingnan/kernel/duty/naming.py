"""What a clock is called: said where its code is, read by whoever shows clocks of other bodies."""

from lingnan.kernel.runtime.api import Title

_TITLES: dict[str, Title] = {}


def named(code: str, zh: str, en: str) -> str:
    """Give a clock's code its name; returns the code. A code has one name."""
    title = Title(zh, en)
    if _TITLES.setdefault(code, title) != title:
        raise ValueError(f"the clock {code} has two names")
    return code


def title_of(code: str) -> Title | None:
    """The name of a clock's code; what follows a colon counts only which one it is."""
    return _TITLES.get(code.partition(":")[0])
