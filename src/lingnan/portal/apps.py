from django.apps import AppConfig


class Portal(AppConfig):
    name = "lingnan.portal"
    label = "portal"
