"""Reads of people, invitations, sessions and API keys."""
