"""Members: the people of the public side, their devices and their tokens; never staff, who are users."""
