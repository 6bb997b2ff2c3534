"""What everything may use: it knows no domain and no screen."""
