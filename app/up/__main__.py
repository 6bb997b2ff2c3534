"""`python -m app.up`."""

import sys

from app.up.main import main

sys.exit(main(sys.argv[1:]))
