from lingnan.kernel.runtime.apps import System


class Supervision(System):
    name = "lingnan.systems.government.supervision"
