"""`python -m bench.rush`: hundreds who want times in a room at once, and a week of fifty rooms."""
