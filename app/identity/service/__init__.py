"""Commands on sessions, people, invitations and API keys."""
