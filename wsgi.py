"""The WSGI callable: `gunicorn wsgi:app`."""

import gc
import os
import sys

from app import create_app
from app.access.accounts import refuse_examples
from app.kernel.settings import SettingsError
from app.web.sockets.serving import end_sockets_with_the_server

WORKER_BOOT_ERROR = 3  # gunicorn's word for: starting it again will not help

gc.disable()  # what is made while the program is wired stays: looking for garbage among it takes a fifth of the start
try:
    app = create_app()
    if "SERVER_SOFTWARE" in os.environ:  # gunicorn serves; a command may be what mends the fault
        refuse_examples(app)
        end_sockets_with_the_server(app)
except SettingsError as error:
    print(*error.sentences, sep="\n", file=sys.stderr)
    sys.exit(WORKER_BOOT_ERROR)
gc.freeze()
# A request leaves hardly any cycles; looking every 700 objects cost a tenth of it.
gc.set_threshold(20_000, 20, 20)
gc.enable()
