"""The design system alone: uses the project's settings when they are there, else its own few."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django
import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.apps import apps
from django.conf import settings

import lingnan.kernel.ui as ui

FOLDER = Path(ui.__file__).parent
CATALOGUE = FOLDER / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def _compile_words() -> None:
    """The compiled catalogue is not kept in the repository; made here when missing or old."""
    compiled = CATALOGUE.with_suffix(".mo")
    if compiled.exists() and compiled.stat().st_mtime >= CATALOGUE.stat().st_mtime:
        return
    fresh = compiled.with_suffix(".mo.new")
    with CATALOGUE.open("rb") as source, fresh.open("wb") as target:
        write_mo(target, read_po(source, locale="zh_Hans"))
    fresh.replace(compiled)


def _few_settings() -> None:
    settings.configure(
        INSTALLED_APPS=["django.contrib.staticfiles", "django_htmx", "lingnan.kernel.ui"],
        TEMPLATES=[
            {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}
        ],
        USE_TZ=True,
        TIME_ZONE="Asia/Shanghai",
        LANGUAGE_CODE="zh-hans",
        LANGUAGES=[("zh-hans", "中文"), ("en", "English")],
        STATIC_URL="/static/",
        SECRET_KEY="tests of the design system",
    )


_compile_words()
if not settings.configured:
    _few_settings()
if not apps.ready:
    django.setup()


@pytest.fixture
def draw() -> Callable[..., str]:
    """Renders template text with `{% load ui %}` before it."""
    from django.template import engines

    def render(text: str, **context: Any) -> str:
        return engines["django"].from_string("{% load ui %}" + text).render(context)

    return render


@pytest.fixture(autouse=True)
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    """Chinese, unless a test asks for English by parametrising `language` indirectly."""
    from django.utils.translation import override

    chosen = getattr(request, "param", "zh-hans")
    with override(chosen):
        yield chosen
