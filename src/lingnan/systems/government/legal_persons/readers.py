"""Who of the market regulators reads the register, and under which law it is kept."""

from lingnan.kernel.trust.api import official

MARKET = official("clerk", "reviewer", "head", functions=("market",))
REGISTRARS = official("reviewer", "head", functions=("market",))
HEADS = official("head", functions=("market",))
BASIS = "《市场主体登记管理条例》（2021-07-27）第八条"
