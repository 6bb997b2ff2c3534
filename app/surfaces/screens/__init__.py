"""The generated staff screens."""
