from lingnan.kernel.runtime.apps import System


class TrustGovernance(System):
    name = "lingnan.systems.assurance.trust_governance"
