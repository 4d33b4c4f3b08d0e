from lingnan.kernel.runtime.apps import Room


class ContentRoom(Room):
    name = "lingnan.kernel.content"
    label = "content"
