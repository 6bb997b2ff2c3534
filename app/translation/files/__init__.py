"""Texts that travel: written into files for translators, read back, and compared before anything is changed."""
