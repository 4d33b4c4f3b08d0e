"""What the law asks of an arrangement, by how the two sides stand to each other. Pure."""

from collections.abc import Mapping
from typing import Any

CROSSING = frozenset({"region", "abroad"})
"""Between these and the mainland what is handed over leaves its territory (境外 of
《个人信息保护法》（2021-08-20）第三章). That Hong Kong and Macao lie beyond it is read from
《出境入境管理法》（2012-06-30）第八十九条, which says so of persons; for data unverified."""
ASSESSED = (
    "《个人信息保护法》（2021-08-20）第三十六条：国家机关向境外提供个人信息，应当进行安全评估"
)
INFORMED = "《个人信息保护法》（2021-08-20）第三十九条：告知境外接收方等事项，并取得个人的单独同意"
APPROVED = (
    "《数据安全法》（2021-06-10）第三十六条、《个人信息保护法》（2021-08-20）第四十一条："
    "非经主管机关批准，不得向外国司法或者执法机构提供"
)
MOST_A_DAY = 10_000


def crosses(kind: str) -> bool:
    """Whether what is handed over crosses the mainland's border."""
    return kind in CROSSING


def lacking(said: Mapping[str, Any]) -> dict[str, str]:
    """By field of a document, the law that it does not satisfy; empty where it may stand."""
    found = {}
    if said["subject"] == "person" and crosses(said["kind"]):
        if not said["consent"]:
            found["consent"] = INFORMED
        if not said["contact"]:
            found["contact"] = INFORMED
        if not said["assessment"]:
            found["assessment"] = ASSESSED
    if said["kind"] == "abroad" and said["judicial"] and not said["approval"]:
        found["approval"] = APPROVED
    return found
