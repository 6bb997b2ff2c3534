"""Faults that are planted on purpose, to show that the tests would find them."""
