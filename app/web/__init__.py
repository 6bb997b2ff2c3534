"""Hand-written pages, health, error pages, templates and static files."""
