from lingnan.kernel.runtime.apps import System


class Population(System):
    name = "lingnan.systems.government.population"
