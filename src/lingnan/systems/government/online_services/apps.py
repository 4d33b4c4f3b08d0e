from lingnan.kernel.runtime.apps import System


class OnlineServices(System):
    name = "lingnan.systems.government.online_services"
