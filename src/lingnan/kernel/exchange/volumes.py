"""How much may be handed over as files by an agreement: `500 MB/file, 2 GB/day, 20 files/day`.

Each of the three may be left out; the node's own limits hold in any case (`handing.limits`).
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lingnan.kernel.exchange.wording import NotATerm

UNITS = {"KB": 1024, "MB": 1024**2, "GB": 1024**3, "TB": 1024**4}
_SIZE = re.compile(r"([1-9][0-9]{0,5}) (KB|MB|GB|TB)/(file|day)")
_FILES = re.compile(r"([1-9][0-9]{0,5}) files/day")


@dataclass(frozen=True)
class Volume:
    """Bytes of the largest file, bytes and files of a day; None: as the node has it."""

    largest: int | None = None
    daily: int | None = None
    files: int | None = None


@lru_cache(maxsize=1024)
def read(text: str) -> Volume:
    """Raises NotATerm."""
    found: dict[str, int] = {}
    for one in text.split(", ") if text else ():
        size, files = _SIZE.fullmatch(one), _FILES.fullmatch(one)
        if size is not None:
            name = "largest" if size[3] == "file" else "daily"
            number = int(size[1]) * UNITS[size[2]]
        elif files is not None:
            name, number = "files", int(files[1])
        else:
            raise NotATerm("volume")
        if name in found:
            raise NotATerm("volume")
        found[name] = number
    return Volume(**found)


def demand_own(text: str) -> None:
    """An agreement of this node says no more than the node allows. Raises NotATerm."""
    if (read(text).largest or 0) > settings.HANDED_LIMIT:
        raise NotATerm("volume")


def said(text: str) -> list[str]:
    """In the reader's words."""
    terms, found = read(text), []
    if terms.largest is not None:
        found.append(_("each file at most %(size)s") % {"size": _size(terms.largest)})
    if terms.daily is not None:
        found.append(_("%(size)s a day") % {"size": _size(terms.daily)})
    if terms.files is not None:
        words = ngettext("%(n)s file a day", "%(n)s files a day", terms.files)
        found.append(words % {"n": f"{terms.files:,}"})
    return found


def _size(count: int) -> str:
    """In the largest unit in which it is whole."""
    name = next(name for name in reversed(UNITS) if count % UNITS[name] == 0)
    return f"{count // UNITS[name]:,} {name}"
