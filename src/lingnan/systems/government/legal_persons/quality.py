"""What must hold of individual businesses and enterprises."""

from lingnan.kernel.registry.api import Accepted, Filled, NotAhead, QualityRule, Unique
from lingnan.kernel.runtime.api import Title
from lingnan.standards import credit_code
from lingnan.standards.credit_code import InvalidCreditCode


def valid_code(text: str) -> bool:
    """Whether a code has the form and the check characters of GB 32100."""
    try:
        credit_code.parse(text)
    except InvalidCreditCode:
        return False
    return True


CODE = (
    QualityRule(
        "code_valid",
        Title("统一社会信用代码校验正确", "The credit code has its check characters"),
        Accepted("credit_code", valid_code),
    ),
    QualityRule(
        "code_unique",
        Title("统一社会信用代码不重复", "No two have one credit code"),
        Unique("credit_code"),
    ),
    QualityRule(
        "registered_not_ahead",
        Title("登记日期不晚于当日", "The day of registration is not ahead"),
        NotAhead("registered_on"),
    ),
)
BUSINESS = (
    *CODE,
    QualityRule(
        "premises_filled", Title("经营场所已填写", "The premises are stated"), Filled("premises")
    ),
)
ENTERPRISE = (
    *CODE,
    QualityRule(
        "representative_filled",
        Title("法定代表人已填写", "The legal representative is stated"),
        Filled("representative"),
    ),
)
