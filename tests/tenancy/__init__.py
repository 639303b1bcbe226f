"""Tests: Settings of a tenant."""
