"""The WSGI callable: `gunicorn wsgi:app`."""

import gc
import sys

from app import create_app
from app.kernel.settings import SettingsError

gc.disable()  # what is made while the program is wired stays: looking for garbage among it takes a fifth of the start
try:
    app = create_app()
except SettingsError as error:
    sys.exit("\n".join(error.sentences))
gc.freeze()
gc.enable()
