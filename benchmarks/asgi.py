"""The same portal behind Django's ASGI handler, to compare it with WSGI."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lingnan.node.settings")
application = get_asgi_application()
