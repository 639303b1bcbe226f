"""Pages of people, keys, sessions and invitations."""
