from lingnan.kernel.runtime.apps import System


class ResourceExchange(System):
    name = "lingnan.systems.government.resource_exchange"
