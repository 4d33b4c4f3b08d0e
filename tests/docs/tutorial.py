"""The files that a tutorial lets its reader write, taken from its fenced blocks.

A block says what it is in its first line: `file=PATH` is a whole file, `append=PATH` is added to
one, `into=PATH before="TEXT"` stands before the line that holds that text.
"""

import re
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(
    r"^```\w+ (file|append|into)=(\S+)(?: before=\"((?:[^\"\\]|\\.)*)\")?\n(.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Block:
    """What to do with a text, and with which file. `path` is relative to the repository."""

    act: str
    path: str
    before: str
    text: str

    def apply(self, root: Path) -> None:
        """Do it. Raises ValueError where the text to stand before is not there once."""
        target = root / self.path
        target.parent.mkdir(parents=True, exist_ok=True)
        if self.act == "file":
            target.write_text(self.text, encoding="utf-8")
            return
        there = target.read_text(encoding="utf-8")
        if self.act == "append":
            target.write_text(there + self.text, encoding="utf-8")
            return
        if there.count(self.before) != 1:
            raise ValueError(f"{self.path}: not one {self.before!r}")
        start = there.index(self.before)
        target.write_text(there[:start] + self.text + there[start:], encoding="utf-8")


def blocks(document: Path) -> list[Block]:
    """The blocks of a tutorial, in order."""
    found = BLOCK.findall(document.read_text(encoding="utf-8"))
    return [
        Block(act, _rooted(path), before.replace('\\"', '"'), text)
        for act, path, before, text in found
    ]


def _rooted(path: str) -> str:
    """Tutorials name what stands in the package without its folder."""
    return path if path.startswith(("tests/", "docs/")) else f"src/lingnan/{path}"
