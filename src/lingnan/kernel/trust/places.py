"""Places of a system: the pages that a face of the portal leads to.

A system's `pages.py` may have `PLACES`, a list of these. Officials find theirs in the
navigation, what is public stands on the first page.
"""

from dataclasses import dataclass

from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.access import Access


@dataclass(frozen=True)
class Place:
    """`name` is the name of an address without arguments; `about` says what one finds there.

    Places of a lower `order` come first; an official begins at the first of them.
    """

    name: str
    title: Title
    access: Access
    about: Title | None = None
    order: int = 0
