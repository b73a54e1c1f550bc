"""The door for a WSGI server."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.base")

application = get_wsgi_application()
gc.freeze()  # what is loaded by now stays: the collector need not go through it again during a request
