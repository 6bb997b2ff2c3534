"""Staff users: roles, row rules, sign-in, sessions and limits."""
