from lingnan.kernel.runtime.apps import Room


class RegistryRoom(Room):
    name = "lingnan.kernel.registry"
    label = "registry"
