"""Measures what Festoon costs, beside its peers and the bare limits, in one run."""
