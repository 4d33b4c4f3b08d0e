"""Memory of all processes of a node, after it is ready and after work was done."""

from benchmarks.figure import Figure
from lingnan.node.walk import business
from lingnan.node.walk import measure as machine
from lingnan.node.walk.province import Province
from lingnan.node.walk.stage import Stage
from lingnan.node.walk.trail import Trail

FIGURES = ("memory.ready.rss", "memory.ready.pss", "memory.worked.rss", "memory.worked.pss")
LIMIT = 600.0


def measure() -> list[Figure]:
    """RSS counts shared pages in each process, PSS once; the limit is asked of RSS."""
    with Province() as node:
        ready = machine.memory(node.process.pid)
        business.play(Stage(node.url, "", Trail(None)))
        worked = machine.memory(node.process.pid)
    at_rest, after = f"{ready.processes} processes", "after a case with its certificate, verified"
    return [
        Figure("memory.ready.rss", ready.rss, "MB", at_rest, limit=LIMIT),
        Figure("memory.ready.pss", ready.pss, "MB", at_rest, limit=LIMIT),
        Figure("memory.worked.rss", worked.rss, "MB", after, limit=LIMIT),
        Figure("memory.worked.pss", worked.pss, "MB", after, limit=LIMIT),
    ]
