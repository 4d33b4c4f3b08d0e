from lingnan.kernel.runtime.apps import System


class CateringSafety(System):
    name = "lingnan.systems.society.catering_safety"
