"""Django's SQLite backend with the marker function that the write guards ask for."""

from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that knows whether a kernel action is under way on it."""

    action_depth = 0

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.create_function("lingnan_action", 0, lambda: int(self.action_depth > 0))
        return connection
