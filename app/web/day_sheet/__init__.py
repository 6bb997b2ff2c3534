"""The day sheet: what happens in the rooms of a venue on a day, to be printed."""
