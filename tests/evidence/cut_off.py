"""A node's process that writes evidence and publishes its heads, and finds its disk full or is
killed: run as a program beside `tests/pki/cut_off.py`, on a folder that this has prepared.
"""

import resource
import sys

import django

from tests.pki.cut_off import say


def main(what: str) -> None:
    django.setup()
    {"publish": publish, "full": full, "audit": audit}[what]()


def written(number: int) -> int:
    from lingnan.kernel.trust import node_evidence

    entry = node_evidence.entry("case.event", {"n": number}, reference="CASE")
    return node_evidence.write([entry])[0].seq


def published(number: int) -> str:
    """A head of the log after one entry more, stamped: its size and root."""
    from lingnan.kernel.trust.checkpoints import making

    written(number)
    made = making.make()
    making.stamp_waiting()
    return f"{made.size} {made.root}" if made else "0 none"


def publish() -> None:
    """On and on, until somebody kills it."""
    for number in range(10**9):
        say("head", published(number))


def full() -> None:
    """No file may grow by more than so much: what a full disk does to each write."""
    say("head", published(0))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    for number, limit in enumerate((0, 200, 5_000, 100_000), 1):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        try:
            said = "head " + published(number)
        except Exception as problem:
            said = f"refused {type(problem).__name__} {limit}"
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        say(said)
    say("head", published(9))


def audit() -> None:
    """What stands: every head that is published, and whether the log and its stamps bear it out."""
    from lingnan.kernel.trust import node_evidence
    from lingnan.kernel.trust.checkpoints import making
    from lingnan.kernel.trust.models import CheckpointStamp, LogCheckpoint
    from lingnan.kernel.trust.stamps import reading

    making.stamp_waiting()
    reader = node_evidence.reader()
    assert not reader.verify()
    for one in LogCheckpoint.objects.order_by("size"):
        assert reader.root(one.size).hex() == one.root
        token = bytes(CheckpointStamp.objects.get(size=one.size).token)
        reading.read(token, making.digest_of(one.note))
        say("stands", one.size, one.root)
    say("next", published(10**6))


if __name__ == "__main__":
    main(sys.argv[1])
