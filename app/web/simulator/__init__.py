"""The simulator: other rules tried out on the bookings that were and on the time to come; it stores nothing."""
