"""The screen on which a tool is asked to fill in what is missing."""
