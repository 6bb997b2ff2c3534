"""The staff REST API: the same rights, row rules and write path as the screens."""
