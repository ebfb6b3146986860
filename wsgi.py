"""gunicorn's door: settings -> engine -> app. Loaded once (preload), shared by the workers."""

from __future__ import annotations

import gc
import os

from kb.application import search_service
from kb.settings import read_settings
from kb.web import create_app

_search = search_service(read_settings(os.environ))
_search.warm_up()
_search.prepare()
app = create_app(_search)
gc.freeze()  # what is loaded by now stays shared between the forked workers
