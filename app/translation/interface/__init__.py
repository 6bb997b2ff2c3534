"""The interface's sentences: translated beside the content, live at once, and written back to the catalogues."""
