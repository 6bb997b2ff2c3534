"""The translators' workbench: what there is to do in every language, and a queue that is worked by keyboard."""
