"""What other rules would have meant for the bookings of a room, and would mean for those to come."""
