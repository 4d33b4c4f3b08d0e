"""What figures are counted for."""

from lingnan.kernel.exchange.api import purpose
from lingnan.kernel.runtime.api import Title

STATISTICS = purpose(
    "population_statistics", Title("编制人口统计资料", "Statistics of the population")
)
