"""What clients say afterwards, and whether it is shown; not the answers of staff."""
