"""How long an event bars, is published and is kept. Pure functions of its days.

Each period is cited; where no text at hand gives one it is a parameter marked unverified.
"""

from datetime import date

# 食品安全法 (2021-04-29) Art. 135(1): five years from the decision.
FOOD_BAR_YEARS = 5
# 市场监督管理行政处罚信息公示规定 (2021-07-30) Art. 13(1): three years from publication, and three
# months for a mere reprimand or a low fine; (3): a longer bar is published while it lasts.
PUBLISHED_YEARS = 3
# Of an honour: unverified, the same three years.
# 企业信息公示暂行条例 (2014-08-07) Art. 17(3): off the list after five years without a relapse.
SERIOUS_LIST_YEARS = 5
# Unverified (未经核实). 征信业管理条例 (2013-01-21) Art. 16 keeps what speaks against a person five
# years from its end, but binds credit-reference agencies; its Art. 2(4) leaves state organs out.
# No text at hand says how long this register keeps an event: the same five years are assumed.
KEPT_YEARS = 5
# A notice to correct is looked at for a year. Unverified (未经核实).
HINT_YEARS = 1


def years_after(day: date, years: int) -> date:
    """The same day so many years later; from 29 February the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def food_bar_until(decided_on: date) -> date:
    """The first day on which a person responsible for a revoked food licence may apply again."""
    return years_after(decided_on, FOOD_BAR_YEARS)


def kept_until(ended_on: date) -> date:
    """The first day on which an event that ended on a day is kept no more."""
    return years_after(ended_on, KEPT_YEARS)


def end_of(kind: str, trade: str, decided_on: date) -> date | None:
    """The day on which an event ends by itself; None where it ends by an act of its source."""
    if kind == "revocation" and trade == "food":
        return food_bar_until(decided_on)
    if kind == "serious_list":
        return years_after(decided_on, SERIOUS_LIST_YEARS)
    if kind in ("penalty", "revocation", "honour"):
        return years_after(decided_on, PUBLISHED_YEARS)
    if kind == "hint":
        return years_after(decided_on, HINT_YEARS)
    return None


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + month // 11, (month + 1) % 12 + 1, 1) - date.resolution).day
    return date(year, month + 1, min(day.day, last))
