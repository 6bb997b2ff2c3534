"""Companies, their venues and rooms: where they are, when they are open, what they cost. Nothing is booked here."""
