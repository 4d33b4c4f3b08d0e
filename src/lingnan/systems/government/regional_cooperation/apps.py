from lingnan.kernel.runtime.apps import System


class RegionalCooperation(System):
    name = "lingnan.systems.government.regional_cooperation"
