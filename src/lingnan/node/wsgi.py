"""The web application of a node."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lingnan.node.settings")
application = get_wsgi_application()
