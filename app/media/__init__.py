"""Uploads, their checks, their renditions and where they are stored."""
