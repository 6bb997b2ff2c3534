"""Finding and knowing: the palette, the search over everything, what one keeps at hand, and notices."""
