"""Django's migrate: write guards laid aside before and installed after, then indexes of words."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from lingnan.kernel.runtime.temporal import guards
from lingnan.kernel.runtime.text import index as text


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        if not options.get("app_label") and _nothing_to_do() and guards.as_written():
            super().handle(*args, **options)  # what a start that changes nothing leaves alone
        else:
            self._without_guards(*args, **options)
        for table in text.install():
            if options.get("verbosity", 1):
                self.stdout.write(f"  Indexed the words of {table}")

    def _without_guards(self, *args: Any, **options: Any) -> None:
        guards.remove()
        try:
            super().handle(*args, **options)
        finally:
            guards.install()


def _nothing_to_do() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
