"""The web server's entry point."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "headway.site.settings")

application = get_wsgi_application()

from headway.site.checks import refuse_unsafe_start  # noqa: E402 - needs Django set up

refuse_unsafe_start()
