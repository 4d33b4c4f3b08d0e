from lingnan.kernel.runtime.apps import System


class Disclosure(System):
    name = "lingnan.systems.government.disclosure"
