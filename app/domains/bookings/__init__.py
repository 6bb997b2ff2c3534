"""A client's wish for a day, from pending to completed; not the money paid for it."""
