from lingnan.kernel.runtime.apps import System


class LegalPersons(System):
    name = "lingnan.systems.government.legal_persons"
