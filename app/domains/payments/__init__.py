"""The money of bookings: what was paid, what is to be paid back."""
