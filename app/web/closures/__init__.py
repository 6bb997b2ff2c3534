"""Closures: their screens tell which bookings they lie over, and do what is decided about each."""
