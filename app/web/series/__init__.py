"""The screens of series: a rule with its days before they are booked, and what became of each of them since."""
