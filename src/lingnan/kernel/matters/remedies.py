"""What a person can do against a decision."""

from lingnan.kernel.runtime.api import Title

REMEDIES = Title(
    "如不服本决定，可以自知道本决定之日起六十日内依法申请行政复议"
    "（《行政复议法》（2023-09-01）第二十条），"
    "也可以在六个月内依法向人民法院提起行政诉讼（《行政诉讼法》（2017-06-27）第四十六条）。",
    "You may apply for administrative reconsideration within sixty days of learning of this "
    "decision (Administrative Reconsideration Law (2023-09-01) Art. 20), or bring an action "
    "before the people's court within six months (Administrative Procedure Law (2017-06-27) "
    "Art. 46).",
)
