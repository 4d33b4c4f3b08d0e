from lingnan.kernel.runtime.apps import Room


class DutyRoom(Room):
    name = "lingnan.kernel.duty"
    label = "duty"
