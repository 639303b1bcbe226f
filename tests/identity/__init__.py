"""Tests: Signing in, people, invitations, keys."""
