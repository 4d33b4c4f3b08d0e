"""Reasons why something cannot be registered, in words with the law."""

from django.utils.translation import gettext as _


def of(code: str) -> str:
    """A reason's words; the code itself where it is unknown."""
    return _words().get(code, code)


def _words() -> dict[str, str]:
    return _set_up() | _closing() | _listing()


def _set_up() -> dict[str, str]:
    return {
        "no_capital": _("The capital must be above nought."),
        "no_holder": _("There is no shareholder."),
        "too_many": _("At most 50 shareholders (《公司法》第四十二条)."),
        "nought": _("Each shareholder must subscribe an amount above nought."),
        "paid_over": _("No more can be paid than is subscribed."),
        "twice": _("One shareholder is named twice."),
        "sum": _("The contributions do not add up to the capital (《公司法》第四十七条)."),
        "own_shares": _("A company cannot hold itself."),
        "name_taken": _("An enterprise of this county has this name "
                        "(《市场主体登记管理条例》第十条)."),
        "holder_ended": _("A shareholder's registration is cancelled."),
        "holder_branch": _("A branch is no legal person and holds no shares (《公司法》第十三条)."),
        "holder_unknown": _("The register has no enterprise with this code."),
        "not_a_holder": _("This is no shareholder of the enterprise."),
        "barred": _("The representative may not be one now (《市场主体登记管理条例》第十二条; "
                    "《企业信息公示暂行条例》第十七条)."),
        "unverified": _("The credit register does not answer: say how the representative was "
                        "verified, or try again."),
        "decided": _("It has been decided already."),
        "not_existing": _("The enterprise is not in existence, or its licence is revoked."),
    }  # fmt: skip


def _closing() -> dict[str, str]:
    return {
        "holdings": _("It still holds shares of other companies: transfer them first."),
        "branches": _("Its branches must be cancelled first (《市场主体登记管理条例》第三十二条)."),
        "dispute": _("A dispute over its ownership, or a freeze, is noted."),
        "listed": _("It stands on a list: no simple procedure "
                    "(《市场主体登记管理条例》第三十三条)."),
        "revoked": _("Its licence is revoked: no simple procedure "
                     "(《市场主体登记管理条例》第三十三条)."),
        "not_revoked": _("It has not been revoked for three years (《公司法》第二百四十一条)."),
        "under_way": _("A cancellation is under way already."),
        "objection": _("Somebody has objected."),
        "too_early": _("The time for objections or claims has not passed."),
        "too_late": _("The time to apply has passed: it must be published again."),
        "not_open": _("This is not open now."),
        "bad_day": _("The liquidation cannot have ended on this day."),
    }  # fmt: skip


def _listing() -> dict[str, str]:
    return {
        "listed_already": _("It has been told of this, or stands on the list for it, already."),
        "still_heard": _("The enterprise may still be heard."),
        "not_province": _("The province enters on the list of serious breaches "
                          "(《企业信息公示暂行条例》第十七条)."),
        "report_first": _("It comes off once the missing report is published."),
        "not_remedied": _("Nothing has been put right yet."),
        "bad_year": _("No report of this year can be filed now."),
        "too_late_to_correct": _("A report is corrected until 30 June only "
                                 "(《企业信息公示暂行条例》第十二条)."),
        "no_duty_then": _("It must have come about since October 2014 and since the enterprise "
                          "exists, and not later than today."),
        "nothing_corrected": _("This is what is published already."),
        "not_overdue": _("The 20 working days in which it must be published have not passed "
                         "(《企业信息公示暂行条例》第十条)."),
        "ordered_already": _("It has been ordered to publish this already."),
        "other_kind": _("The order is about another kind of information."),
        "answered_already": _("It has been answered already."),
        "too_young": _("Only firms set up before October 2015 have former identifiers."),
        "no_identifier": _("This is neither a registration number of 15 digits nor an "
                           "organisation code."),
        "anothers_identifier": _("This identifier belongs to another organisation."),
        "has_identifier": _("The enterprise has an identifier of this kind already."),
        "nothing_to_merge": _("Nothing waits to be merged."),
        "no_letters": _("Two letters, at least 15 days apart, must have come back."),
    }  # fmt: skip
