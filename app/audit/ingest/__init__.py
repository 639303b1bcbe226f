"""The doors through which events of other systems come into the log."""
