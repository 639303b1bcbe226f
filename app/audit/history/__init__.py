"""What happened to one object: the panel that its page shows."""
