from lingnan.kernel.runtime.apps import Room


class TrustRoom(Room):
    name = "lingnan.kernel.trust"
    label = "trust"
