"""Tables whose rows are written once: the database refuses to change or delete them."""

from typing import Any, ClassVar, Never

from django.db import models


class WrittenOnce(Exception):
    """A row of an append-only table was to be changed or deleted."""


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **kwargs: Any) -> Never:
        raise WrittenOnce(self.model.__name__)

    def delete(self) -> Never:
        raise WrittenOnce(self.model.__name__)

    def bulk_update(self, *args: Any, **kwargs: Any) -> Never:
        raise WrittenOnce(self.model.__name__)


class AppendOnly(models.Model):
    """Base of event tables. INSERT only, in Python and in the database."""

    guard: ClassVar[str] = "append_only"
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise WrittenOnce(type(self).__name__)
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        raise WrittenOnce(type(self).__name__)
