"""What the platform computes now of the plan's main indicators, and what belongs to them."""

from lingnan.kernel.insight.api import Counted, Indicator, Target
from lingnan.kernel.runtime.api import Title
from lingnan.systems.assurance.targets import counting
from lingnan.systems.assurance.targets.plan import aim_of

DAYS = counting.WINDOW
CASES = Title(
    f"办件（各部门收件，截至当日{DAYS}天）",
    f"cases as bodies received them, {DAYS} days up to the day",
)
DECISIONS = Title(
    f"办件时限（截至当日{DAYS}天内作出的决定）",
    f"clocks of cases decided in the {DAYS} days up to the day",
)
CATALOGUE = Title(
    "本节点已发布的事项；全省事项目录不在本节点",
    "the matters published on this node; the province's full list of matters is not held here",
)
CAUTION = Title(
    "分母只是本节点目录中的事项，不能与规划的全省目标直接比较。",
    "The denominator is the catalogue of this node alone, so the figure cannot be compared with "
    "the plan's target for the whole province.",
)
WHOLE = Title(
    "从申请到送达全部在网上完成的事项",
    "matters whose whole way, from filing to delivery, is online",
)


def _target(indicator: str) -> Target | None:
    aim = aim_of(indicator)
    if aim is None or aim.target is None or aim.year is None:
        return None
    return Target(aim.target, aim.year, aim.source)


INDICATORS = [
    Indicator(
        code="within_promise",
        title=Title("承诺时限内办结", "Decided within the promise"),
        definition=Title(
            "用时不超过承诺时限的决定，占全部决定的比例。",
            "Decisions that used no more days than were promised, of all decisions.",
        ),
        unit="percent",
        numerator=Counted(Title("承诺时限内的决定", "decisions within the promise"), DECISIONS),
        denominator=Counted(Title("全部决定", "all decisions"), DECISIONS),
        compute=counting.within_promise,
    ),
    Indicator(
        code="fields_prefilled",
        title=Title("免填字段", "Fields nobody had to type"),
        definition=Title(
            "申请表中由登记数据自动填写的字段，占已提交办件全部字段的比例。",
            "Fields of submitted applications that were filled from records, of all their fields.",
        ),
        unit="percent",
        numerator=Counted(Title("取自登记数据的字段", "fields answered by a record"), CASES),
        denominator=Counted(Title("全部字段", "all fields"), CASES),
        compute=counting.prefilled,
    ),
    Indicator(
        code="time_used",
        title=Title("实际用时占法定时限", "Time used of what the law allows"),
        definition=Title(
            "作出决定实际所用的工作日，占法定时限工作日（含延期）的比例；越低越好。",
            "Working days that decisions used, of those that the law allows with extensions; the "
            "lower the better.",
        ),
        unit="percent",
        numerator=Counted(Title("所用工作日", "working days used"), DECISIONS),
        denominator=Counted(Title("法定工作日", "working days by law"), DECISIONS),
        compute=counting.time_used,
        direction="down",
    ),
    Indicator(
        code="cases_filed_online",
        title=Title("网上申请的办件", "Cases filed online"),
        definition=Title(
            "申请人本人在平台上提交的办件，占全部收件的比例。",
            "Cases that applicants filed themselves on the platform, of all that were received.",
        ),
        unit="percent",
        numerator=Counted(Title("本人网上提交的办件", "cases filed by the applicant"), CASES),
        denominator=Counted(Title("全部收件", "all cases received"), CASES),
        compute=counting.filed_online,
    ),
    Indicator(
        code="cities_connected",
        title=Title("使用数据共享的地级以上市", "Cities that use shared data"),
        definition=Title(
            f"截至当日{DAYS}天内，有部门为办件通过交换取用过登记数据的市。",
            f"Cities in which a body has read records over the exchange for a case in the {DAYS} "
            "days up to the day.",
        ),
        unit="percent",
        numerator=Counted(Title("使用过交换的市", "cities that used the exchange"), CASES),
        denominator=Counted(
            Title("地级以上市", "cities of the province"),
            Title("本节点登记的市级机构", "the city-level bodies of this node"),
        ),
        compute=counting.cities_connected,
    ),
    Indicator(
        code="licence_matters_online",
        title=Title("行政许可事项网上办理率", "Licence matters handled online"),
        definition=Title(
            "本节点目录中的行政许可事项，有多少可以全流程网上办理。",
            "How many of the licence matters in this node's catalogue can be handled online from "
            "beginning to end.",
        ),
        unit="percent",
        numerator=Counted(WHOLE, CATALOGUE),
        denominator=Counted(Title("行政许可事项", "licence matters"), CATALOGUE),
        compute=lambda on: counting.matters_online(licences=True),
        target=_target("licence_matters_online"),
        caution=CAUTION,
    ),
    Indicator(
        code="service_matters_online",
        title=Title("其他政务服务事项网上办理率", "Other public services handled online"),
        definition=Title(
            "本节点目录中非行政许可的政务服务事项，有多少可以全流程网上办理。",
            "How many of the other matters in this node's catalogue can be handled online from "
            "beginning to end.",
        ),
        unit="percent",
        numerator=Counted(WHOLE, CATALOGUE),
        denominator=Counted(Title("非许可事项", "matters that are no licences"), CATALOGUE),
        compute=lambda on: counting.matters_online(licences=False),
        target=_target("service_matters_online"),
        caution=CAUTION,
    ),
]
