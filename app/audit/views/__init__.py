"""Saved views of the log, and which of its columns are shown."""
