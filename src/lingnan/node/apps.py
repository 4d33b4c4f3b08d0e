from django.apps import AppConfig


class Node(AppConfig):
    name = "lingnan.node"
    label = "node"
