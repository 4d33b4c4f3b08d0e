from lingnan.kernel.runtime.apps import Room


class RegistryRoom(Room):
    name = "lingnan.kernel.registry"
    label = "registry"

    def ready(self) -> None:
        from django.core.checks import register

        from lingnan.kernel.registry.checks import choosable, importable, one_home, projected

        for check in (one_home, choosable, projected, importable):
            register(check)
