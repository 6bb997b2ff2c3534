"""Conversations of visitors and members with staff; not the mail that the product sends."""
