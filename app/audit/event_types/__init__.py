"""Event types: what an event of each action must look like, version by version."""
