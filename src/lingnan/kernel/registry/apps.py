from lingnan.kernel.runtime.apps import Room


class RegistryRoom(Room):
    name = "lingnan.kernel.registry"
    label = "registry"

    def ready(self) -> None:
        from django.core.checks import register

        from lingnan.kernel.registry import checks

        for check in (
            checks.one_home,
            checks.choosable,
            checks.projected,
            checks.importable,
            checks.editable,
        ):
            register(check)
