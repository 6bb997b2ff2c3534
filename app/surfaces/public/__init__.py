"""Public JSON: what a site or a phone reads, one statement an answer."""
