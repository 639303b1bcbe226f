"""The scenes that cases are about: events by script, the same on every machine."""
