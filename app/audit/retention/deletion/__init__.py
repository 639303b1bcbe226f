"""Deleting events whose time is over, so that the log can still be proved."""
