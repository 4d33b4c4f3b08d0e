from lingnan.kernel.runtime.apps import Room


class MapsRoom(Room):
    name = "lingnan.kernel.maps"
    label = "maps"
