"""The audit log: its events, the queries over them, and the doors they come in and go out by."""
