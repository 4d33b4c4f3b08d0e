"""The command line: `./lingnan COMMAND`, each command in a module imported only when used."""

import argparse
import importlib
import os
import sys
from dataclasses import dataclass
from types import ModuleType

from lingnan.node import catalogues
from lingnan.node.source import is_source


@dataclass(frozen=True)
class Command:
    """A module with `add_arguments(parser)` and `run(args) -> int`.

    `of_source`: works on the source, which an installed package has not. `passes_on` hands words
    that the module does not know to it as `args.rest`.
    """

    module: str
    help: str
    passes_on: bool = False
    hidden: bool = False
    of_source: bool = False


COMMANDS = {
    "up": Command("lingnan.node.up", "bring up the province and serve its portal"),
    "walkthrough": Command("lingnan.node.walkthrough", "play the services as each of their actors"),
    "clock": Command("lingnan.node.clock", "move legal time (demonstration provinces only)"),
    "operator": Command(
        "lingnan.node.first_operator", "open the first operator's account, or the first head's"
    ),
    "invite": Command("lingnan.node.invite", "let another node join the instance of this one"),
    "join": Command("lingnan.node.join", "join an instance by the address of an invitation"),
    "cooperate": Command(
        "lingnan.node.cooperate", "exchange with another instance, under its own anchor"
    ),
    "doctor": Command("lingnan.node.doctor", "say what is wrong here and what to do"),
    "verify": Command("lingnan.node.verify", "check a sealed document, a bundle or a power"),
    "systems": Command("lingnan.node.systems", "list every system of the plan and its state"),
    "check": Command(
        "lingnan.node.check", "format, lint, types, contracts, migrations, docs", of_source=True
    ),
    "test": Command(
        "lingnan.node.tests_runner",
        "the suite, on SQLite and on PostgreSQL",
        passes_on=True,
        of_source=True,
    ),
    "bench": Command("lingnan.node.bench", "measure, and compare with a baseline", of_source=True),
    "manage": Command("lingnan.node.manage", "Django's commands", passes_on=True, hidden=True),
}


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit status (2 for a wrong call, 130 for Ctrl-C)."""
    words = sys.argv[1:] if argv is None else argv
    if not words or words[0] in ("-h", "--help", "help"):
        print(overview())
        return 0
    if words[0] not in COMMANDS:
        print(f"lingnan: no such command: {words[0]}\n\n{overview()}", file=sys.stderr)
        return 2
    try:
        if is_source():
            catalogues.compile_stale()
        return dispatch(words[0], words[1:])
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader (head, less) has gone; Python must not complain again while closing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def dispatch(name: str, words: list[str]) -> int:
    """Parse the words of one command and run it."""
    command = COMMANDS[name]
    if command.of_source and not is_source():
        print(f"lingnan: {name} works on the source, and this is installed", file=sys.stderr)
        return 2
    module: ModuleType = importlib.import_module(command.module)
    parser = argparse.ArgumentParser(
        prog=f"./lingnan {name}",
        description=module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        add_help=not command.hidden,
    )
    module.add_arguments(parser)
    args, rest = parser.parse_known_args(words)
    if rest and not command.passes_on:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    args.rest = rest
    status: int = module.run(args)
    return status


def overview() -> str:
    """The list of commands."""
    lines = [f"  {name:<12} {one.help}" for name, one in COMMANDS.items() if not one.hidden]
    return "\n".join(["usage: ./lingnan COMMAND [--help]", "", *lines])


if __name__ == "__main__":
    sys.exit(main())
