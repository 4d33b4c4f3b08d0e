"""The design system as a Django app: templates, template tags, style sheet, words."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "lingnan.kernel.ui"
    label = "ui"
