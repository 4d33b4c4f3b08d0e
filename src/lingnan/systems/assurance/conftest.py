"""The systems' tests run in the suite's small province, alone or with the others."""

from tests.conftest import django_db_modify_db_settings, django_db_setup

__all__ = ["django_db_modify_db_settings", "django_db_setup"]
