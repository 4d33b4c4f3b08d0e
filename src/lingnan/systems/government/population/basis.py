"""Who reads the register of residents, and the law it is kept under."""

from lingnan.kernel.trust.api import official

OFFICER = official("records_officer", functions=("police",))
POLICE = official("records_officer", "head", functions=("police",))
POLICE_HEAD = official("head", functions=("police",))
# Who finds out in an emergency who somebody is. Bodies of health and civil affairs may come later.
EMERGENCY = official(
    "clerk", "records_officer", "reviewer", "inspector", "head",
    functions=("police", "fire", "health", "civil_affairs"),
)  # fmt: skip
LAW = "《户口登记条例》（1958-01-09）"
BASIS = f"{LAW}第三条"
PERMITS = "《居住证暂行条例》（2015-11-26）第二条、第八条"
