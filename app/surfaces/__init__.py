"""Each surface is a function from a Resource to what one kind of reader sees of it."""
