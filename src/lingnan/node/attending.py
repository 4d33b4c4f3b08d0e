"""A command at a node that is up: this process becomes one of the node's while it takes."""

import os
from pathlib import Path

from lingnan.node.up import ADDRESS, SOCKET


def attended(data: Path) -> str:
    """Make this process one of the node's; why it cannot be, where it cannot."""
    os.environ["LINGNAN_DATA"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lingnan.node.settings")
    mode, socket = data / "keys" / "mode", data / SOCKET
    if not mode.exists():
        return f"{data} 不是节点的数据目录 · is no node's data folder: run ./lingnan up first"
    os.environ.setdefault("LINGNAN_MODE", mode.read_text().strip())
    os.environ["LINGNAN_EVIDENCE_SOCKET"] = str(socket)
    if (data / ADDRESS).exists():
        os.environ.setdefault("LINGNAN_ADDRESS", (data / ADDRESS).read_text().strip())
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    from django.db import DatabaseError, connection

    from lingnan.kernel.trust.api import node_evidence

    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and not Path(name).exists():
        return f"没有 · absent: {name}; LINGNAN_DATABASE?"
    if not socket.exists() or not node_evidence.ready():
        return "节点没有运行 · the node is not up: start it first (./lingnan up)"
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM trust_account LIMIT 1")
    except DatabaseError as problem:
        return f"数据库无法使用 · the database cannot be used: {problem}"
    return ""
