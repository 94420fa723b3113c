"""The door of the web processes."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coolpapers.settings")
application = get_wsgi_application()
# The views come with the addresses: nobody's first page waits for them.
import_module(settings.ROOT_URLCONF)
# What is loaded stays: to look through it for garbage holds a page up for a tenth of a second.
gc.freeze()
