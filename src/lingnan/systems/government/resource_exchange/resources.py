"""What bodies have published of tables of their own; the system itself shares nothing."""

from lingnan.kernel.exchange.api import Resource
from lingnan.systems.government.resource_exchange.sources.catalogued import by_code as offered
from lingnan.systems.government.resource_exchange.sources.catalogued import mark, published

__all__ = ["RESOURCES", "mark", "offered", "published"]
RESOURCES: list[Resource] = []
