from lingnan.kernel.runtime.apps import System


class JusticeNetwork(System):
    name = "lingnan.systems.government.justice_network"
