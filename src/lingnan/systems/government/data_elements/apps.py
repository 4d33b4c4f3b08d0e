from lingnan.kernel.runtime.apps import System


class DataElements(System):
    name = "lingnan.systems.government.data_elements"
