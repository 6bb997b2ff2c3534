"""The demo: content, festivals and pictures that look true, and the large set for measuring."""
