"""The public's own accounts: who a member is and how they prove it; never staff."""
