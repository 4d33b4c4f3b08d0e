"""Word to the holders whose certificates end soon, once each."""

from django.db import transaction
from django.utils import timezone

from lingnan.kernel.duty.api import messages
from lingnan.kernel.runtime.api import Title, action
from lingnan.kernel.trust.api import key_certificates
from lingnan.systems.government.trust_services.acts.applying import RENEWABLE
from lingnan.systems.government.trust_services.models import CertificateApplication


def remind() -> int:
    """Tell who has not been told; returns how many."""
    now, count = timezone.now(), 0
    rows = key_certificates.rows().filter(state="good", not_after__gt=now)
    ends = dict(rows.filter(not_after__lte=now + RENEWABLE).values_list("serial", "not_after"))
    issued = CertificateApplication.objects.filter(state="issued", reminded_at=None)
    for made in issued.filter(serial__in=list(ends)).order_by("key"):
        day = f"{timezone.localtime(ends[made.serial]):%Y-%m-%d}"
        text = Title(
            f"证书“{made.name}”有效期至 {day}。请生成新密钥并申请更新；旧证书到期前继续有效。",
            f"The certificate of {made.name} ends on {day}. Make a new key and apply for its"
            " renewal; the old one holds until it ends.",
        )
        with transaction.atomic():
            with action(by="trust_services", reason="reminded of the end") as act:
                act.change(made, reminded_at=now)
            title = Title("数字证书即将到期", "Your certificate ends soon")
            messages.send(made.applicant, title, text, f"/certification/mine/{made.number}/")
        count += 1
    return count
