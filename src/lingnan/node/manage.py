"""Django's own commands, for engineers: `./lingnan manage makemigrations`."""

import argparse
import os


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Everything is passed on to Django."""


def run(args: argparse.Namespace) -> int:
    """Hand the words to Django's command line."""
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lingnan.node.settings")
    execute_from_command_line(["./lingnan manage", *args.rest])
    return 0
