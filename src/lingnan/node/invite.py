"""Let another node join the instance that this one founded: prints the command for it.

The address serves once, for seven days, for the node of that name. It carries the digest of this
node's root: hand it over by a way that nobody else writes on.
"""

import argparse
import os
import sys
from pathlib import Path

from lingnan.node.attending import attended
from lingnan.node.up import ADDRESS, data_folder

WORDS = {
    "founder": "本节点不是实例的发起节点 · this node did not found an instance "
    "(./lingnan up --node NAME --instance CN-GD)",
    "code": "节点名称：2至31个小写字母、数字和连字符 · 2 to 31 small letters, digits and hyphens",
    "taken": "已有节点使用该名称 · another node has joined by this name",
    "bodies": "没有这样的单位 · no such bodies: codes such as 440300-data, or 4403 for all of a "
    "division",
    "owner": "没有可以负责的单位 · no body that answers for it",
    "via": "没有这样的上级节点 · no such node to be reached through",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="what the node is called (its --node)")
    parser.add_argument(
        "--for", dest="bodies", nargs="+", required=True, metavar="BODY",
        help="bodies for which it speaks: codes, or the beginning of a division's code (4403)",
    )  # fmt: skip
    parser.add_argument("--owner", default="", help="the body that answers for the node")
    parser.add_argument("--systems", nargs="*", default=[], help="for which it may answer")
    parser.add_argument("--via", default="", help="the node through which alone it is reached")
    parser.add_argument("--data", type=Path, default=None, help="data folder of this node")


def run(args: argparse.Namespace) -> int:
    data = data_folder(args.data)
    refused = attended(data)
    if refused:
        print(f"lingnan: {refused}", file=sys.stderr)
        return 1
    from lingnan.kernel.exchange.federation import inviting, own
    from lingnan.kernel.trust.api import EvidenceUnavailable

    try:
        here = own.membership()
        word = inviting.invite(
            here, args.name, args.bodies, f"operator@{os.uname().nodename}", owner=args.owner,
            systems=args.systems, via=args.via,
        )  # fmt: skip
    except own.NotNamed as problem:
        print(f"lingnan: {problem}", file=sys.stderr)
        return 1
    except inviting.NotPossible as problem:
        print(f"lingnan: {WORDS[problem.why]}", file=sys.stderr)
        return 1
    except EvidenceUnavailable as down:
        print(f"lingnan: 节点没有运行 · the node is not up: {down}", file=sys.stderr)
        return 1
    portal = (data / ADDRESS).read_text().strip()
    print(f"./lingnan join {portal}{inviting.PATH}{word.word}.{word.anchor} --data DIR")
    return 0
