"""What Festoon is measured against; each reads the same tables and runs as its own server."""
