from lingnan.kernel.runtime.apps import System


class Geography(System):
    name = "lingnan.systems.government.geography"
