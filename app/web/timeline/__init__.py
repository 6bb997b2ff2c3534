"""The calendar of rooms: what is kept in them, moved by drag or by keyboard under the eyes of the guard."""
