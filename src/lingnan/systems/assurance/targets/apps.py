from lingnan.kernel.runtime.apps import System


class Targets(System):
    name = "lingnan.systems.assurance.targets"
