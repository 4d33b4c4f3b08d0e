"""The register follows the releases of this node, and what does not conform is looked for."""

from lingnan.systems.government.data_elements import conformance, intake

EVERY = 3600.0


def round() -> int:
    return intake.keep() + conformance.recompute()
