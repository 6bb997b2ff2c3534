"""Numbers read across domains."""
