"""What the certification authority keeps as sealed documents."""

from django.db import models

from lingnan.kernel.runtime.api import AppendOnly


class CeremonyMinutes(AppendOnly):
    """The minutes of a ceremony under the seal of the province's data body, made once."""

    number = models.CharField(max_length=40, primary_key=True)
    sha256 = models.CharField(max_length=64, unique=True)
    pdf = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Meta:
        app_label = "trust_services"
