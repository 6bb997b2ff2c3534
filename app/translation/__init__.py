"""Translated values: how they are stored, chosen and kept beside their source."""
