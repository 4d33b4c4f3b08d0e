"""Another instance under its own anchor: without an address, how this one is introduced to it; with
the address by which it introduced itself, enter it. Nothing is exchanged before officials of both
sides have signed an arrangement (/desk/cooperation/).
"""

import argparse
import os
import sys
from pathlib import Path

from lingnan.node.attending import attended
from lingnan.node.up import ADDRESS, data_folder

WORDS = {
    "address": "不是另一实例的介绍网址 · not the address by which an instance introduces itself",
    "founder": "本节点不是实例的发起节点 · this node did not found an instance "
    "(./lingnan up --node NAME --instance CN-GD)",
    "own": "这是本实例 · this is the own instance",
    "taken": "该实例已登记 · that instance is entered already",
    "kind": "关系：province、region、abroad · how the two stand to each other",
    "title": "中英文名称，各不超过40和60个字符 · --title ZH EN, at most 40 and 60 characters",
    "directory": "成员目录不可信 · the directory cannot be believed",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("url", metavar="URL", nargs="?", default="", help="of the other instance")
    parser.add_argument(
        "--kind", default="region",
        help="province (both in the mainland), region (Hong Kong, Macao), abroad",
    )  # fmt: skip
    parser.add_argument(
        "--title", nargs=2, metavar=("ZH", "EN"), help="what the other jurisdiction is called"
    )
    parser.add_argument("--end", metavar="INSTANCE", default="", help="end it, at once")
    parser.add_argument("--why", default="", help="why it is ended")
    parser.add_argument("--data", type=Path, default=None, help="data folder of this node")


def run(args: argparse.Namespace) -> int:
    data = data_folder(args.data)
    refused = attended(data)
    if refused:
        print(f"lingnan: {refused}", file=sys.stderr)
        return 1
    from lingnan.kernel.exchange.api import partners
    from lingnan.kernel.exchange.federation import joining, own
    from lingnan.kernel.trust.api import EvidenceUnavailable

    try:
        return _done(args, (data / ADDRESS).read_text().strip())
    except own.NotNamed as problem:
        print(f"lingnan: {problem}", file=sys.stderr)
    except partners.entering.NotEntered as refusal:
        hop = joining.WORDS.get(refusal.why)
        words = WORDS.get(refusal.why) or (f"{hop.zh} · {hop.en}" if hop else refusal.why)
        print(f"lingnan: {words}: {refusal.detail}", file=sys.stderr)
    except EvidenceUnavailable as down:
        print(f"lingnan: 节点没有运行 · the node is not up: {down}", file=sys.stderr)
    return 1


def _done(args: argparse.Namespace, portal: str) -> int:
    from lingnan.kernel.exchange.api import partners
    from lingnan.kernel.exchange.federation import own
    from lingnan.kernel.runtime.api import Title

    here, by = own.membership(), f"operator@{os.uname().nodename}"
    if args.end and not here.founded:
        raise partners.entering.NotEntered("founder", args.end)
    if args.end:
        found = partners.directories.in_force(args.end)
        if found is None:
            print(f"lingnan: 没有登记 · not entered: {args.end}", file=sys.stderr)
            return 1
        partners.entering.end(found, by, args.why or "由运维员终止")
        print(f"已终止 ended: {args.end}")
        return 0
    if not args.url:
        told = partners.entering.introduction(here, portal)
        print(f"./lingnan cooperate '{told}' --kind region --title 名称 NAME --data DIR")
        return 0
    told = partners.entering.Introduction.read(args.url)
    title = Title(*(args.title or (told.instance, told.instance)))
    made = partners.entering.enter(here, told, args.kind, title, by)
    known = partners.directories.known(made)
    count = len(known.names) if known is not None else 0
    print(f"已登记 entered: {made.instance} · {made.node} · {count} members")
    return 0
