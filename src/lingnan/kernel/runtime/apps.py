"""Base classes of every Django app here. Loads no model."""

from django.apps import AppConfig


class Room(AppConfig):
    """A kernel room."""

    def __init_subclass__(cls) -> None:
        # Two classes stand in an apps.py, this one by import: Django takes the default.
        cls.default = True


class System(AppConfig):
    """One system of the plan. Its label is its folder's name, so table names never change.

    The kernel finds the rest by name: `models`, `resources`, `matters/`, `pages`, `demo`.
    """

    def __init_subclass__(cls) -> None:
        cls.default = True


class RuntimeRoom(Room):
    name = "lingnan.kernel.runtime"
    label = "runtime"
