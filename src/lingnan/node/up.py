"""Bring up the province and serve its portal; later runs resume where it was left.

Four processes share the data folder: this one, the writer of evidence, the web, the worker; where
the node has a name among others, its gateway is a fifth.
"""

import argparse
import os
import socket as socketlib
import time
import urllib.error
import urllib.request
from pathlib import Path

from lingnan.node import named
from lingnan.node.installed import UnknownSystem, chosen, installed_systems
from lingnan.node.mode import ModeRefused, behind_proxy, mode_of, rates
from lingnan.node.processes import AlreadyRunning, Node
from lingnan.node.source import default_data

SOCKET = Path("run") / "evidence.sock"
ADDRESS = Path("run") / "address"
# Sixteen processes of a folder make keys: these, the worker, and those that take over from others.
MOST_WORKERS = 12


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8011, help="where the portal is served")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument(
        "--data",
        type=Path,
        default=None,
        help=f"folder of this node's data; default {default_data()}",
    )
    parser.add_argument(
        "--systems",
        default="",
        help="comma-separated ids such as government/population, or all; "
        "default: as this folder was last served",
    )
    parser.add_argument(
        "--workers", type=int, default=1, help=f"web processes, 1 to {MOST_WORKERS}"
    )
    parser.add_argument(
        "--node", default="", help="what this node is called among others; kept in its folder"
    )
    parser.add_argument(
        "--instance", default="", help="the instance that this node founds, such as CN-GD"
    )
    parser.add_argument(
        "--residents",
        type=int,
        default=104_303,
        help="size of a demonstration province when it is created, 600 to 104303132",
    )


def environment(data: Path, host: str, port: int) -> dict[str, str]:
    """What every process of the node is told."""
    shown = _reachable(host)
    known = os.environ | {
        "LINGNAN_DATA": str(data),
        "DJANGO_SETTINGS_MODULE": "lingnan.node.settings",
        # Arenas that glibc keeps per thread would double a small process.
        "MALLOC_ARENA_MAX": "2",
        # What a count let go of returns to the machine at once: processes live long.
        "MALLOC_TRIM_THRESHOLD_": "131072",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
    }
    known["LINGNAN_EVIDENCE_SOCKET"] = str(data / SOCKET)
    return {"LINGNAN_ADDRESS": f"http://{shown}:{port}"} | known


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "::") else host


def data_folder(given: Path | None) -> Path:
    chosen = given or Path(os.environ.get("LINGNAN_DATA", default_data()))
    return chosen.resolve()


def store(data: Path) -> str:
    choice = os.environ.get("LINGNAN_DATABASE", "sqlite")
    return str(data / "evidence.sqlite3") if choice == "sqlite" else choice


def run(args: argparse.Namespace) -> int:
    started = time.monotonic()
    data = data_folder(args.data)
    if args.systems:
        os.environ["LINGNAN_SYSTEMS"] = args.systems
    refused = refusal(data, args.workers)
    try:
        named.keep(data, args.node, args.instance, _reachable(args.host), args.port)
    except named.NameRefused as wrong:
        refused = refused or str(wrong)
    if refused:
        print(f"lingnan: {refused}")
        return 1
    told = environment(data, args.host, args.port)
    try:
        with Node(data, told) as node:
            return _serve(node, args, started)
    except AlreadyRunning:
        print(f"lingnan: another `up` serves {data}; stop it first, or give --data another folder")
        return 1


def refusal(data: Path, workers: int) -> str:
    """Why a node cannot be brought up as it is asked for; empty when it can."""
    if not 1 <= workers <= MOST_WORKERS:
        return (
            f"--workers is 1 to {MOST_WORKERS}, not {workers}: a data folder has 16 slots for "
            "processes that make keys; give another machine a node of its own"
        )
    try:
        mode_of(data, os.environ.get("LINGNAN_MODE", "demonstration"))
        behind_proxy(os.environ.get("LINGNAN_PROXY", ""))
        rates(os.environ.get("LINGNAN_RATES", ""))
        installed_systems(chosen(data, os.environ.get("LINGNAN_SYSTEMS", "")))
    except (ModeRefused, UnknownSystem) as refused:
        return str(refused)
    return ""


def _taken(node: Node, host: str, port: int) -> bool:
    """Whether another program listens there; one that is just ending gets a few seconds."""
    family = socketlib.AF_INET6 if ":" in host else socketlib.AF_INET
    until = time.monotonic() + 4
    while not node.stopping:
        with socketlib.socket(family) as probe:
            # Without SO_REUSEPORT, with which two servers would share a port and not know it.
            probe.setsockopt(socketlib.SOL_SOCKET, socketlib.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
                return False
            except OSError:
                if time.monotonic() > until:
                    return True
        time.sleep(0.1)
    return False


def _serve(node: Node, args: argparse.Namespace, started: float) -> int:
    if _taken(node, args.host, args.port):
        print(f"lingnan: port {args.port} is taken; try --port {args.port + 1}")
        return 1
    (node.data / ADDRESS).write_text(f"http://{_reachable(args.host)}:{args.port}")
    socket = node.data / SOCKET
    socket.unlink(missing_ok=True)
    evidence = "lingnan.kernel.trust.evidence.serve"
    node.keep("evidence", "-m", evidence, "--store", store(node.data), "--socket", str(socket))
    _await_file(node, socket)
    status = node.run("-m", "lingnan.node.prepare", str(args.residents))
    if status != 0:
        return status
    if named.read(node.data) is not None:
        node.keep("gateway", "-m", "lingnan.node.gateway", args.host, str(args.port + 1))
    node.keep("web", *web_command(args.host, args.port, args.workers))
    node.keep("worker", "-m", "lingnan.node.worker")
    address = node.environment["LINGNAN_ADDRESS"]
    if _await_ready(node, f"http://{_reachable(args.host)}:{args.port}/healthz"):
        seconds = time.monotonic() - started
        print(
            f"\n岭南 Lingnan · {address}\nready after {seconds:.1f} s; Ctrl-C ends it", flush=True
        )
    node.watch()
    print("ending", flush=True)
    return 0


def web_command(host: str, port: int, workers: int) -> list[str]:
    return [
        "-m",
        "granian",
        "--interface=wsgi",
        f"--host={host}",
        f"--port={port}",
        f"--workers={workers}",
        "--blocking-threads=4",
        "--backlog=256",
        "--respawn-failed-workers",
        "--workers-kill-timeout=5",
        "--log-level=warning",
        "lingnan.node.wsgi:application",
    ]


def _await_file(node: Node, path: Path) -> None:
    until = time.monotonic() + 15
    while not path.exists() and time.monotonic() < until and not node.stopping:
        time.sleep(0.02)


def _await_ready(node: Node, url: str) -> bool:
    until = time.monotonic() + 120
    # Under a name that is always answered, and never through somebody's proxy.
    request = urllib.request.Request(url, headers={"Host": "localhost"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < until and not node.stopping:
        try:
            with opener.open(request, timeout=2) as answer:
                if answer.status == 200:
                    return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False
