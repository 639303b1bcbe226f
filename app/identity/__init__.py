"""People, memberships, roles, sessions, invitations and API keys."""
