"""The WSGI callable: `gunicorn wsgi:app`."""

import sys

from app import create_app
from app.kernel.settings import SettingsError

try:
    app = create_app()
except SettingsError as error:
    sys.exit("\n".join(error.sentences))
