"""Erasing a person from the log, so that the log can still be proved."""
