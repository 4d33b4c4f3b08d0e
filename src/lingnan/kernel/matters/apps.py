from lingnan.kernel.runtime.apps import Room


class MattersRoom(Room):
    name = "lingnan.kernel.matters"
    label = "matters"
