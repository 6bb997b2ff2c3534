"""Mails: their texts in every language, and the ways they leave."""

from app.mail.sending import send

__all__ = ["send"]
