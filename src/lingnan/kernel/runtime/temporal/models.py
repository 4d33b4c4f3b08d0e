"""A record type: a plain current table and, beside it, an insert-only table of versions.

Valid time is kept in days, recorded time as an instant of legal time. A version says what
held from `valid_from` until `valid_to` (open when null), as recorded at `recorded_at`; where
two versions cover a day, the later number wins, so a correction never erases anything.
"""

from __future__ import annotations

from typing import Any, ClassVar, Never, cast

from django.db import models
from django.db.models.base import ModelBase

from lingnan.kernel.runtime.append_only import AppendOnlyQuerySet
from lingnan.kernel.runtime.text.declaration import TextIndex


class OutsideAction(Exception):
    """A record was to be written by another way than the kernel's action."""


class RecordQuerySet(models.QuerySet):
    """Reads as usual; every way of writing raises."""

    def _refuse(self, *args: Any, **kwargs: Any) -> Never:
        raise OutsideAction(self.model.__name__)

    create = update = delete = bulk_create = bulk_update = _refuse
    get_or_create = update_or_create = _refuse


class KeyField(models.BigIntegerField):
    """The key of a current table. On SQLite it is the row's own number, which saves an index."""

    def db_type(self, connection: Any) -> str | None:
        # Only a column of this very type becomes the row's number there.
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "lingnan.kernel.runtime.api.KeyField", args, kwargs


def _mirror(field: models.Field[Any, Any]) -> models.Field[Any, Any]:
    # Any: the stubs know neither _unique nor db_index as something to set.
    copy: Any = field.clone()
    copy._unique = copy.db_index = copy.primary_key = False
    return cast("models.Field[Any, Any]", copy)


# What a version says of itself: a field of that name would be lost between two versions.
OF_VERSIONS = frozenset({"id", "valid_to", "changed_by", "reason"})


class RecordMeta(ModelBase):
    """Gives each concrete record type its table of versions.

    Raises TypeError where a field has the name of what every version says of itself.
    """

    def __new__(mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any], **kw: Any) -> Any:
        module = attrs["__module__"]
        if shadowed := OF_VERSIONS & attrs.keys():
            said = ", ".join(sorted(shadowed))
            raise TypeError(f"{name}: versions have {said} of their own, choose another name")
        model: Any = super().__new__(mcs, name, bases, attrs, **kw)
        if not model._meta.abstract and not model._meta.proxy:
            model.Version = mcs._versions(model, module)
        return model

    @staticmethod
    def _versions(model: Any, module: str) -> type[models.Model]:
        own = {field.name for field in VersionRow._meta.local_fields}
        fields = {
            field.name: _mirror(field)
            for field in model._meta.local_fields
            if field.name not in own
        }
        meta = type(
            "Meta",
            (),
            {
                "app_label": model._meta.app_label,
                "db_table": f"{model._meta.db_table}_version",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["key", "version"], name=f"{model._meta.db_table}_version_number"
                    )
                ],
                # By these the past is searched too.
                "indexes": [models.Index(fields=[name]) for name in _searched(model)],
            },
        )
        attrs = {"__module__": module, "__qualname__": f"{model.__name__}Version", "Meta": meta}
        return type(f"{model.__name__}Version", (VersionRow,), attrs | fields)


def _searched(model: Any) -> list[str]:
    """The indexed texts by whose beginning a record type is searched."""
    names = getattr(getattr(model, "record", None), "search", ())
    found = {field.name: field for field in model._meta.local_fields}
    return [name for name in names if found[name].db_index or found[name].unique]


class VersionRow(models.Model):
    """What every table of versions has beside the record's own columns."""

    guard: ClassVar[str] = "versions"
    id = models.BigAutoField(primary_key=True)
    key = models.BigIntegerField()
    version = models.PositiveIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    ended = models.BooleanField(default=False)
    changed_by = models.CharField(max_length=200)
    reason = models.CharField(max_length=400)
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True


class TemporalRecord(models.Model, metaclass=ModelBase):
    """Base of every current table. Written only through `runtime.temporal.action`."""

    guard: ClassVar[str] = "current"
    key = KeyField(primary_key=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    valid_from = models.DateField(editable=False)
    recorded_at = models.DateTimeField(editable=False)
    ended = models.BooleanField(default=False, editable=False)
    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> Never:
        raise OutsideAction(type(self).__name__)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        raise OutsideAction(type(self).__name__)


class Temporal(TemporalRecord, metaclass=RecordMeta):
    """What record types inherit."""

    Version: ClassVar[type[VersionRow]]
    # Whether a change goes to the outbox, for those who may have to be told of it.
    announces: ClassVar[bool] = False

    class Meta:
        abstract = True

    @classmethod
    def text_index(cls) -> TextIndex | None:
        """What of a record is found by its words; None where nothing is."""
        return None
