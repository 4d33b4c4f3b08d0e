"""What the disclosure offices share."""

from lingnan.kernel.exchange.api import Resource, from_records
from lingnan.kernel.runtime.api import Title
from lingnan.systems.government.disclosure.models import AnsweredRequest

RESOURCES = [
    Resource(
        code="disclosure.answers_to_person",
        title=Title(
            "本人已获答复的政府信息公开申请", "Requests for information of a person, answered"
        ),
        subject="person",
        keyed=False,
        elements={
            "information_request.number": Title(
                "已答复申请的编号", "Number of an answered request"
            ),
            "information_request.wanted": Title(
                "已答复申请的所需信息", "Subject of an answered request"
            ),
            "information_request.answered_on": Title(
                "申请答复日期", "Day on which a request was answered"
            ),
        },
        sharing="conditional",
        condition=Title(
            "为办理本人的政府信息公开申请", "For a request for information by that person"
        ),
        basis="《政府信息公开条例》（2019-04-03）第三十六条第六项",
        answer=from_records(AnsweredRequest, "person"),
        category="201001",
    )
]
