"""The page of a booking with everything in one place: its time, its money, what was said, its papers."""
