"""Move the legal time of a running demonstration: `./lingnan clock advance 6wd` (or 3d)."""

import argparse
import json
import os
import urllib.error
import urllib.request
from pathlib import Path

from lingnan.node.up import ADDRESS, data_folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("act", choices=["advance", "show"])
    parser.add_argument("step", nargs="?", default="", help="6wd working days, or 3d days")
    parser.add_argument("--url", default="", help="default: where the data folder is served")
    parser.add_argument("--data", type=Path, default=None, help="data folder of the node")


def run(args: argparse.Namespace) -> int:
    data = data_folder(args.data)
    url = args.url or address(data)
    try:
        if args.act == "show":
            answer = _call(f"{url}/healthz", None, "")
        else:
            wanted = {"advance": args.step}
            answer = _call(f"{url}/operating/clock/", wanted, operator_key(data))
    except urllib.error.HTTPError as refused:
        print(f"lingnan: {_said(refused)}")
        return 1
    except OSError as absent:
        print(f"lingnan: nobody answers at {url} ({absent}); is `./lingnan up` running?")
        return 1
    print(f"业务日期 business date {answer['business_date']}")
    return 0


def address(data: Path) -> str:
    """Where `up` last served this data folder."""
    path = data / ADDRESS
    return path.read_text().strip() if path.exists() else "http://127.0.0.1:8011"


def operator_key(data: Path) -> str:
    """The key that the node keeps for its own command line; empty when there is none."""
    path = data / "keys" / "operator.key"
    return path.read_text().strip() if path.exists() and os.access(path, os.R_OK) else ""


def _said(refused: urllib.error.HTTPError) -> object:
    """What the node says of a refusal; something before it may answer with a page."""
    try:
        return json.loads(refused.read())["error"]
    except (ValueError, KeyError, TypeError):
        return refused


def _call(url: str, body: dict[str, str] | None, key: str) -> dict[str, str]:
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url, data, {"Authorization": f"Bearer {key}"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        found: dict[str, str] = json.loads(answer.read())
    return found
