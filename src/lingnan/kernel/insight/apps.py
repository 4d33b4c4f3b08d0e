from lingnan.kernel.runtime.apps import Room


class InsightRoom(Room):
    name = "lingnan.kernel.insight"
    label = "insight"
