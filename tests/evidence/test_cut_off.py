"""Publishing heads of the log that is killed with -9, and on a full disk, in other processes."""

import random
import time

from tests.evidence import cut_off
from tests.pki.test_cut_off import Node, node, prepared

__all__ = ["node", "prepared"]
REFUSED = {"EvidenceUnavailable", "OperationalError", "KeyStoreUnavailable"}


def audited(node: Node) -> tuple[set[str], int]:
    """The heads that stand, each borne out by the log, and the size at which it went on."""
    *lines, last = (line.split() for line in node.run("audit", program=cut_off.__file__))
    return {" ".join(line[1:]) for line in lines}, int(last[1])


def test_killed_while_publishing_every_head_told_stands(node: Node) -> None:
    told: set[str] = set()
    for _ in range(3):
        process = node.start("publish", cut_off.__file__)
        assert process.stdout
        lines = process.stdout.readline()
        time.sleep(random.uniform(0, 0.2))
        process.kill()
        # The last line may have been cut off in the middle.
        lines += process.stdout.read()
        process.wait()
        told |= {line.removeprefix("head ") for line in lines.rpartition("\n")[0].splitlines()}
    found, went_on = audited(node)
    assert len(told) >= 3 and told <= found
    assert went_on > max(int(one.split()[0]) for one in found)


def test_on_a_full_disk_no_head_is_told_that_does_not_stand(node: Node) -> None:
    lines = [line.split() for line in node.run("full", program=cut_off.__file__)]
    told = {" ".join(line[1:]) for line in lines if line[0] == "head"}
    refused = [line[1] for line in lines if line[0] == "refused"]
    assert refused[:2] and set(refused) <= REFUSED
    assert lines[-1][0] == "head", "it goes on when there is room again"
    found, _went_on = audited(node)
    assert told <= found
