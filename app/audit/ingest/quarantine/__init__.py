"""The quarantine: events that were refused, kept until somebody replays or discards them."""
