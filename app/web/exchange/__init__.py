"""Texts for translators who work elsewhere: files that go out, and come back."""
