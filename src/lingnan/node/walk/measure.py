"""What a node takes of the machine: its processes and their memory, from /proc."""

from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
MEGABYTE = 1024


@dataclass(frozen=True)
class Memory:
    """Of all processes together, in MB. Shared pages count once in `pss`, each time in `rss`."""

    rss: float
    pss: float
    processes: int


def tree(root: int) -> list[int]:
    """A process and everything that descends from it."""
    children: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            parent = parent_of(int(entry.name))
            children.setdefault(parent, []).append(int(entry.name))
    found, todo = [], [root]
    while todo:
        here = todo.pop()
        found.append(here)
        todo += children.get(here, [])
    return [pid for pid in found if (PROC / str(pid)).exists()]


def parent_of(pid: int) -> int:
    """The parent's number; 0 for a process that is gone."""
    try:
        after_name = (PROC / str(pid) / "stat").read_text().rpartition(")")[2]
    except OSError:
        return 0
    return int(after_name.split()[1])


def command_of(pid: int) -> str:
    try:
        words = (PROC / str(pid) / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return ""
    return b" ".join(words).decode(errors="replace").strip()


def serving(data: Path) -> int:
    """The process that keeps the node of a data folder; 0 when there is none to be seen."""
    mark = f"LINGNAN_DATA={data}".encode()
    for entry in PROC.iterdir():
        if not entry.name.isdigit():
            continue
        try:
            told = (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        parent = parent_of(int(entry.name))
        if mark in told and " up" in command_of(parent):
            return parent
    return 0


def memory(root: int) -> Memory:
    """The memory of a process and its descendants now."""
    rss = pss = 0
    pids = tree(root)
    for pid in pids:
        sizes = _rollup(pid)
        rss += sizes.get("Rss", 0)
        pss += sizes.get("Pss", 0)
    return Memory(rss / MEGABYTE, pss / MEGABYTE, len(pids))


def _rollup(pid: int) -> dict[str, int]:
    """Sizes in kB by name; empty for a process that ended meanwhile."""
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()[1:]
    except OSError:
        return {}
    parts = [line.split() for line in lines]
    return {part[0].rstrip(":"): int(part[1]) for part in parts if len(part) > 2}
