"""Who changed what and when: triggers that see every write, and the page that tells it."""
