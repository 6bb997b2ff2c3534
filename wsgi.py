"""The WSGI callable: `gunicorn wsgi:app`."""

import gc
import sys

from app import create_app
from app.kernel.settings import SettingsError

try:
    app = create_app()
except SettingsError as error:
    sys.exit("\n".join(error.sentences))

gc.freeze()  # what the start made stays for good: no collection walks it again
gc.set_threshold(20_000, 10, 10)  # one page makes thousands of objects, nearly all freed without a collection
