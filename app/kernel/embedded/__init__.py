"""PostgreSQL and Valkey started by the program itself, where no address of one is given."""

from app.kernel.embedded.postgres import Postgres
from app.kernel.embedded.server import EmbeddedError
from app.kernel.embedded.valkey import Valkey

__all__ = ["EmbeddedError", "Postgres", "Valkey"]
