"""What a use is for where it is no matter: named once by the system that asks."""

from lingnan.kernel.runtime.api import Title

_titles: dict[str, Title] = {}


def purpose(code: str, title: Title) -> str:
    """Name a purpose by its title; returns the code, by which agreements and uses know it."""
    _titles[code] = title
    return code


def purposes() -> dict[str, Title]:
    """Every named purpose, by code."""
    return dict(_titles)
