"""./lingnan manage projection: bring the columnar copies up to date, or make them anew."""

import argparse
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lingnan.kernel.registry.projection import building, manifest, watermark
from lingnan.kernel.registry.projection.layout import projected_types
from lingnan.kernel.registry.reading import context_of
from lingnan.kernel.registry.records import Record


class Command(BaseCommand):
    help = "Bring the columnar copies of the registers up to date."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("register", nargs="?", metavar="system.name", help="one register only")
        parser.add_argument("--rebuild", action="store_true", help="make the copy anew")

    def handle(self, *args: Any, **options: Any) -> None:
        for model in self._chosen(options["register"]):
            began = time.perf_counter()
            try:
                state = building.bring_up_to_date(model, options["rebuild"])
            except (manifest.Busy, watermark.Unsettled) as error:
                raise CommandError(f"{context_of(model)}: {type(error).__name__}") from error
            seconds = time.perf_counter() - began
            files = len(state.files)
            said = f"{state.rows:,} statements in {files} files, {seconds:.1f} s"
            self.stdout.write(f"{context_of(model)}: {said}")

    def _chosen(self, name: str | None) -> list[type[Record]]:
        found = projected_types()
        if name is None:
            return found
        chosen = [model for model in found if context_of(model) == name.lower()]
        if not chosen:
            known = ", ".join(context_of(model) for model in found)
            raise CommandError(f"{name} has no columnar copy; these have: {known}")
        return chosen
