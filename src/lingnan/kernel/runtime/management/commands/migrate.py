"""Django's migrate, with the write guards laid aside before and installed after."""

from typing import Any

from django.core.management.commands import migrate

from lingnan.kernel.runtime.temporal import guards


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        guards.remove()
        try:
            super().handle(*args, **options)
        finally:
            guards.install()
