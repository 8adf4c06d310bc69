"""The web server's entry point."""

import gc
import os

from django.core.wsgi import get_wsgi_application

# Nothing that is imported is garbage: looking for some in between is a tenth of a start.
gc.disable()

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "headway.site.settings")

application = get_wsgi_application()

from headway.site.checks import refuse_unsafe_start  # noqa: E402 - needs Django set up

refuse_unsafe_start()

# What was imported is never garbage: searching it again and again doubled the slowest twentieth of
# the answers. A page makes tens of thousands of values; most go when it is sent, without a search.
GENERATIONS = (50_000, 20, 100)
gc.collect()
gc.freeze()
gc.set_threshold(*GENERATIONS)
gc.enable()
