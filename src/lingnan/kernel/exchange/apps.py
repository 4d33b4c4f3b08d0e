from lingnan.kernel.runtime.apps import Room


class ExchangeRoom(Room):
    name = "lingnan.kernel.exchange"
    label = "exchange"
