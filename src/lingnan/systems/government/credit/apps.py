from lingnan.kernel.runtime.apps import System


class Credit(System):
    name = "lingnan.systems.government.credit"
