"""Other ways than a table to see the same list: as pictures, in columns, by day."""
