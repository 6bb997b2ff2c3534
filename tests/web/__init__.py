"""The hand-written pages, health and errors."""
