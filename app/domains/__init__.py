"""The business: rules that know nothing of the web."""
