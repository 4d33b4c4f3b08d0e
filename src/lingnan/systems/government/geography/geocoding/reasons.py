"""Why an answer is believed, in the words of both languages."""

from __future__ import annotations

from dataclasses import dataclass

from lingnan.kernel.runtime.api import Title


@dataclass(frozen=True)
class Reason:
    """A stable code for programs, and the sentence for people. `doubt` speaks against."""

    code: str
    said: Title
    doubt: bool = False


_WORDS = {
    "exact": ("“{text}”与名称完全一致", "“{text}” is the name in full"),
    "short": ("“{text}”是{name}的简称", "“{text}” is short for {name}"),
    "kind": ("“{text}”应为{name}", "“{text}” should read {name}"),
    "bare": ("“{text}”可能指{name}", "“{text}” may mean {name}"),
    "typo": ("“{text}”疑为{name}之误", "“{text}” looks like a slip for {name}"),
    "former": (
        "“{text}”是旧名，{day}起为{name}",
        "“{text}” is a former name; {name} since {day}",
    ),
    "later": ("“{text}”是后来的名称，当时为{name}", "“{text}” is a later name; {name} on that day"),
    "inferred": ("由{low}推得{name}", "{name} follows from {low}"),
    "contradicts": ("“{text}”与{name}不符", "“{text}” does not go with {name}"),
    "disordered": ("各级名称的次序颠倒", "The levels stand in another order"),
    "passed": ("“{text}”不是区划名，已略过", "“{text}” is no division and was passed over"),
    "part_of_road": ("“{text}”也可能是路名的一部分", "“{text}” may be a part of a road's name"),
    "road": ("{name}有“{road}”", "{name} has a road or village “{road}”"),
    "road_long": (
        "“{road}”经过{name}的 {n} 个乡镇、街道，不能确定是哪一个",
        "“{road}” runs through {n} townships of {name}; which of them is not certain",
    ),
    "unread": ("后面的“{text}”是另一个区划的名称", "“{text}” after it names another division"),
    "road_short": ("“{text}”应为{road}", "“{text}” should read {road}"),
    "road_elsewhere": ("“{road}”在{name}", "“{road}” lies in {name}"),
    "no_road": (
        "“{text}”没有登记的路名或村名",
        "No road or village of the register in “{text}”",
    ),
    "number": ("门牌“{number}”有登记", "The number “{number}” is in the register"),
    "house": (
        "门牌以“{number}”登记，更细的部分没有登记",
        "The number is in the register as “{number}”, not in more detail",
    ),
    "rooms": (
        "“{number}”下登记有 {n} 个地址，列出第一个",
        "“{number}” has {n} addresses in the register; this is the first",
    ),
    "no_number": ("门牌“{number}”没有登记", "The number “{number}” is not in the register"),
    "ambiguous": (
        "还有 {n} 个同样可能的答案",
        "As likely as this: {n} more",
    ),
}  # fmt: skip
_DOUBTS = {
    "typo", "bare", "contradicts", "disordered", "passed", "part_of_road", "road_long", "unread",
    "road_elsewhere", "no_road", "no_number", "ambiguous",
}  # fmt: skip


def reason(code: str, **said: object) -> Reason:
    """One reason; a Title among the words is put in each language."""
    zh, en = _WORDS[code]
    chinese = {key: word.zh if isinstance(word, Title) else word for key, word in said.items()}
    english = {key: word.en if isinstance(word, Title) else word for key, word in said.items()}
    return Reason(code, Title(zh.format(**chinese), en.format(**english)), code in _DOUBTS)
