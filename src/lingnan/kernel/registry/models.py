"""Tables of the registry itself; each part of the room keeps its own."""

from lingnan.kernel.registry.importing.models import Import, ImportedPart
from lingnan.kernel.registry.quality.models import Score

__all__ = ["Import", "ImportedPart", "Score"]
