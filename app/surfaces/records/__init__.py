"""How every surface reads and writes records: one grammar, one statement a list, one write path."""
