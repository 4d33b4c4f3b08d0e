"""Boundaries as the jurisdiction's files give them: replaced when a file is loaded anew."""

from django.db import models

from lingnan.kernel.runtime.api import Title


class BoundaryFile(models.Model):
    """A file that was loaded, known by its digest, so that an unchanged one costs nothing."""

    level = models.CharField(max_length=10, primary_key=True)
    digest = models.CharField(max_length=64)


class Boundary(models.Model):
    """One unit's territory, with its drawing in the room's projection.

    `geometry` is WKB in WGS 84. `path` and `coarse` are SVG path data, for maps of one unit and of
    the whole; `x`, `y` and `room` a point well inside and how far the nearest line is; `west` …
    `south` the box, all in drawing units (see `projection`).
    """

    code = models.CharField(max_length=12)
    level = models.CharField(max_length=10)
    parent = models.CharField(max_length=12)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=100)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    geometry = models.BinaryField()
    path = models.TextField()
    coarse = models.TextField()
    x = models.IntegerField()
    y = models.IntegerField()
    room = models.IntegerField()
    west = models.IntegerField()
    north = models.IntegerField()
    east = models.IntegerField()
    south = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["level", "code"], name="boundary_of_unit"),
        ]

    @property
    def title(self) -> Title:
        return Title(self.name_zh, self.name_en)
