"""Records as spreadsheets, out and in: the fields that say TRANSFER, their key and their translations."""
