"""Django's migrate: write guards laid aside before and installed after, then indexes of words."""

from typing import Any

from django.core.management.commands import migrate

from lingnan.kernel.runtime.temporal import guards
from lingnan.kernel.runtime.text import index as text


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        guards.remove()
        try:
            super().handle(*args, **options)
        finally:
            guards.install()
        for table in text.install():
            if options.get("verbosity", 1):
                self.stdout.write(f"  Indexed the words of {table}")
