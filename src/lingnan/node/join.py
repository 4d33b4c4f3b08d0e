"""Join an instance by the address of an invitation. The node must be up, with a name (--node).

Each hop is said as it is passed; where one fails it is named, and nothing has changed.
"""

import argparse
import sys
import time
from pathlib import Path

from lingnan.node.attending import attended
from lingnan.node.up import data_folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("url", metavar="URL", help="as `./lingnan invite` printed it")
    parser.add_argument("--data", type=Path, default=None, help="data folder of this node")


def run(args: argparse.Namespace) -> int:
    data = data_folder(args.data)
    refused = attended(data)
    if refused:
        print(f"lingnan: {refused}", file=sys.stderr)
        return 1
    from lingnan.kernel.exchange.federation import joining
    from lingnan.kernel.trust.api import EvidenceUnavailable

    begun = time.monotonic()
    try:
        for step in joining.join(args.url):
            print(f"  ✓ {step.title.zh} {step.title.en}: {step.detail}", flush=True)
    except joining.NotJoined as failed:
        title = joining.WORDS[failed.why]
        print(f"  ✗ {title.zh} {title.en}: {failed.detail}", file=sys.stderr)
        return 1
    except EvidenceUnavailable as down:
        print(f"lingnan: 节点没有运行 · the node is not up: {down}", file=sys.stderr)
        return 1
    print(f"已加入 joined after {time.monotonic() - begun:.1f} s")
    return 0
