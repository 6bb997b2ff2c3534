"""The reports: charts of a period, each with its table, its file and its way into the list."""
