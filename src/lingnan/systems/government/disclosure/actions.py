"""What follows from an answer that gives information."""

from lingnan.kernel.exchange.api import introduce
from lingnan.kernel.matters.api import Case, NotAllowed
from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.trust.api import Actor
from lingnan.systems.government.disclosure.models import AnsweredRequest


def register_answer(case: Case, actor: Actor) -> dict[str, str]:
    """Enter the answered request in the register (第四十五条).

    Who has had an answer about the same information is told so and not answered again
    (第三十六条第六项).
    """
    answers = {name: answer["value"] for name, answer in case.declared.items()}
    if _plain(answers["wanted_name"]) in _answered_before(case):
        raise NotAllowed("contradicts-findings")
    with action(by=actor.signature, reason=f"case {case.number}") as act:
        act.create(
            AnsweredRequest,
            number=case.number,
            person=introduce(case.applicant, to="disclosure", source=case.body),
            applicant=answers["applicant_name"],
            wanted=answers["wanted_name"],
            form_wanted=answers["form_wanted"],
            answered_on=legal_time.today(),
            division=actor.division,
        )
    return {}


def _answered_before(case: Case) -> set[str]:
    """What the register said about this applicant's earlier requests when this one was filed."""
    return {
        _plain(row["values"]["information_request.wanted"])
        for read in case.application.reads
        if read["resource"] == "disclosure.answers_to_person"
        for row in read.get("rows", ())
    }


def _plain(name: str) -> str:
    return "".join(name.split())
