"""The pages behind the unguessable links of mails: a client's booking, and their place on the waiting list."""
