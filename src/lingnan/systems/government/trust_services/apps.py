from lingnan.kernel.runtime.apps import System


class TrustServices(System):
    name = "lingnan.systems.government.trust_services"
