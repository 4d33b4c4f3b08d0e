"""What can be seen of a node from outside: its folder, its mode, its port, its processes."""

import fcntl
import os
import pwd
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from lingnan.kernel.runtime.keys import EPOCH_MS, PATIENCE, SLOTS
from lingnan.node.doctor import Finding, Look, fault, ok, remark
from lingnan.node.up import ADDRESS, SOCKET, refusal
from lingnan.node.walk import measure

LEAST = 500_000_000
LONGEST_SOCKET = 107
MODE = "模式和系统 · mode and systems"
OWNER = "数据目录 · data folder"
REFUSALS = (MODE, OWNER)


def looks(data: Path, port: int) -> list[Look]:
    return [
        lambda: folder(data),
        lambda: mode(data),
        lambda: room(data),
        lambda: clock(data),
        lambda: processes(data),
        lambda: listening(data, port),
    ]


def made(data: Path) -> bool:
    """Whether a node was ever brought up on this folder."""
    return (data / "keys" / "mode").exists()


def running(data: Path) -> bool:
    """Whether an `up` holds the folder's lock now."""
    path = data / "run" / "up.lock"
    if not path.exists():
        return False
    with path.open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def folder(data: Path) -> Iterator[Finding]:
    """Ours, writable, closed to others, and not too deep for a Unix socket."""
    if len(os.fsencode(data / SOCKET)) > LONGEST_SOCKET:
        yield fault(OWNER, f"路径过长 · the path is too long for a socket: {data}",
                    "换一个短的 --data · give a shorter --data")  # fmt: skip
    if not data.exists():
        yield remark(OWNER, f"{data} 尚未建立 · not made yet", "./lingnan up")
        return
    owner = data.stat().st_uid
    if owner != os.geteuid():
        said = f"属于 · belongs to {_user(owner)}; 现在是 · this is {_user(os.geteuid())}"
        yield fault(OWNER, said, "以该用户运行，或 chown -R · run as that user, or chown -R")
    elif not os.access(data, os.W_OK | os.X_OK):
        yield fault(OWNER, f"不可写 · not writable: {data}", f"chmod u+rwx {data}")
    else:
        yield ok(OWNER, str(data))
    open_ = [path for path in _secret(data) if path.stat().st_mode & 0o77]
    if open_:
        said = f"他人可读 · others can read: {', '.join(str(p.relative_to(data)) for p in open_)}"
        yield fault("密钥 · keys", said, f"chmod -R go= {data / 'keys'}")


def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _secret(data: Path) -> list[Path]:
    names = ("node.secret", "operator.key", "wrapping.key", "store/*.key")
    return sorted(path for name in names for path in (data / "keys").glob(name))


def mode(data: Path) -> Iterator[Finding]:
    """Mode, proxy, systems: what would keep a node from being brought up."""
    refused = refusal(data, 1)
    if refused:
        yield fault(MODE, refused, "改正环境变量 · set the environment right")
    else:
        yield ok(MODE, os.environ.get("LINGNAN_MODE", "demonstration"))


def room(data: Path) -> Iterator[Finding]:
    name, here = "磁盘 · disk", data
    while not here.exists():
        here = here.parent
    free = shutil.disk_usage(here).free
    said = f"{free / 1e9:,.1f} GB 空闲 · free in {here}"
    if free < LEAST:
        yield fault(name, said, "腾出空间：写满后证据无法写入 · make room: evidence needs it")
    else:
        yield ok(name, said)


def clock(data: Path) -> Iterator[Finding]:
    """Keys say up to when they were made; a clock before that makes none."""
    name, now = "时钟 · clock", int(time.time() * 1000) - EPOCH_MS
    marks = [int(text) for text in map(_slot, (data / "keys").glob("slot-*.lock")) if text]
    # A slot may rest; none can be taken when all are ahead.
    behind = min(marks) - now if len(marks) == SLOTS else max(marks, default=0) - now
    if marks and behind > PATIENCE * 1000:
        said = f"比最后的键慢 {behind / 1000:,.0f} 秒 · {behind / 1000:,.0f} s behind the last keys"
        remedy = "校正系统时间 · set the machine's clock right (docs/operating)"
        # Free slots would still be used: then it is only said.
        level = fault if len(marks) == SLOTS else remark
        yield level(name, said, remedy)
    else:
        yield ok(name, time.strftime("%Y-%m-%d %H:%M:%S %z"))


def _slot(path: Path) -> str:
    text = path.read_text(errors="replace").strip("\0 \n")
    return text if text.isdigit() else ""


def processes(data: Path) -> Iterator[Finding]:
    """Another `up` on the folder; and of one that runs, whether all its parts are alive."""
    name = "进程 · processes"
    if not running(data):
        yield ok(name, "没有在运行 · none runs on this folder")
        return
    keeper = measure.serving(data)
    address = (data / ADDRESS).read_text().strip() if (data / ADDRESS).exists() else "?"
    yield remark(name, f"已在运行 · a node runs on this folder: pid {keeper or '?'}, {address}")
    commands = [measure.command_of(pid) for pid in measure.tree(keeper)] if keeper else []
    for part, word in (
        ("证据写入 · evidence writer", "trust.evidence.serve"),
        ("网页 · web", "granian"),
        ("后台 · worker", "lingnan.node.worker"),
    ):
        if keeper and not any(word in command for command in commands):
            remedy = "查看 up 的输出；会自动重启 · see what `up` prints; it is started again"
            yield fault(part, "没有在运行 · not alive", remedy)


def listening(data: Path, port: int) -> Iterator[Finding]:
    name = f"端口 · port {port}"
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            yield ok(name, "空闲 · free")
            return
        except OSError as error:
            reason = error.strerror or str(error)
    pid = owner_of(port)
    if pid and pid in measure.tree(measure.serving(data) or -1):
        yield ok(name, f"本节点 · this node (pid {pid})")
        return
    who = f"pid {pid} ({measure.command_of(pid)[:60]})" if pid else reason
    yield fault(name, f"被占用 · taken by {who}", f"./lingnan up --port {port + 1}")


def owner_of(port: int) -> int:
    """The process that listens on a TCP port; 0 when it cannot be seen."""
    inodes = set()
    for table in ("tcp", "tcp6"):
        path = measure.PROC / "net" / table
        for line in path.read_text().splitlines()[1:] if path.exists() else []:
            part = line.split()
            if part[3] == "0A" and int(part[1].rpartition(":")[2], 16) == port:
                inodes.add(f"socket:[{part[9]}]")
    for entry in measure.PROC.iterdir():
        if entry.name.isdigit() and inodes & set(_open(entry / "fd")):
            return int(entry.name)
    return 0


def _open(folder: Path) -> Iterator[str]:
    try:
        for link in folder.iterdir():
            yield str(link.readlink())
    except OSError:
        return
