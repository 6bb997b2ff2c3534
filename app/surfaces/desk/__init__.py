"""What a staff person keeps for themselves: views, columns, pins, notices, forms not saved yet."""
