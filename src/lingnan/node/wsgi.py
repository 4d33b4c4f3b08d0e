"""The web application of a node."""

import os

from django.core.wsgi import get_wsgi_application

from lingnan.node.processes import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lingnan.node.settings")
# A worker whose server is killed must not stay on the port.
end_with_parent()
application = get_wsgi_application()


def _count() -> None:
    # What is counted is kept in tables: known once the application is.
    from lingnan.kernel.exchange.traffic import keeping

    keeping.begin()


_count()
