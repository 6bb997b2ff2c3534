"""Mails: their texts in every language, and the ways they leave."""
