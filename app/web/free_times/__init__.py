"""What is free on a day for so many guests: the question of whoever answers the telephone."""
