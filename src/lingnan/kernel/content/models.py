"""Files by hash."""

from django.db import models

from lingnan.kernel.runtime.api import AppendOnly


class StoredFile(AppendOnly):
    """One content, stored once under its SHA-256."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=60)
    stored_at = models.DateTimeField()
