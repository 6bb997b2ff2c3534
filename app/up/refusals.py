"""What stops a start, each as one sentence that says what to do."""

from __future__ import annotations


class Refusal(Exception):
    """The program cannot start, or go on; the message is for whoever typed the command."""


class StopRequested(Exception):
    """Somebody asked to stop while something was being waited for."""
