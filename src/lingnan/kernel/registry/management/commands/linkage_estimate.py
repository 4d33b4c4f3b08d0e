"""Estimate the parameters of a record type's linkage from a file of records, and store them."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lingnan.kernel.registry.linkage import estimating
from lingnan.kernel.registry.records import record_type


class Command(BaseCommand):
    help = "Estimate m and u from ROWS (CSV with id and the compared fields) into the file TO."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("record_type", help="system.name")
        parser.add_argument("rows", type=Path)
        parser.add_argument("to", type=Path)
        parser.add_argument("--on", type=date.fromisoformat, required=True)

    def handle(self, **options: Any) -> None:
        model = record_type(*options["record_type"].split("."))
        if model.record.linkage is None:
            raise CommandError(f"{options['record_type']} declares no linkage")
        found = estimating.estimate(model.record.linkage, options["rows"], options["on"])
        estimating.write(found, options["to"])
        self.stdout.write(f"estimated from {options['rows'].name}")
