"""What people are asked to consent to in the demonstration."""

from lingnan.kernel.exchange.api import purpose
from lingnan.kernel.runtime.api import Title

REMINDING = purpose(
    "reminding", Title("主动提醒可办事项", "Being told of services that one can use")
)
ADVICE = purpose("firm_advice", Title("惠企政策匹配", "Finding support for a firm"))
