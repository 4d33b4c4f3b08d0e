"""What the alerts of the exchange would tell at this moment, by the same rules. Looked at only."""

from collections.abc import Iterator

from lingnan.node.doctor import Finding, fault, ok, remark

NAME = "交换 · exchange"
REMARKS = frozenset({"key", "slow", "disk"})
"""What is worth a word and no fault of the node."""


def exchange() -> Iterator[Finding]:
    from lingnan.kernel.exchange.watching import rules, seeing

    signs = seeing.signs()
    for one in signs:
        rule = rules.RULES[one.rule]
        about = " ".join(part for part in (one.about, one.figure) if part)
        said = f"{rule.title.zh} · {rule.title.en}: {about}"
        level = remark if one.rule in REMARKS else fault
        yield level(NAME, said, f"{rule.todo.zh} · {rule.todo.en}")
    if not signs:
        yield ok(NAME, f"{len(rules.RULES)} 项规则均符合 · rules are kept")
