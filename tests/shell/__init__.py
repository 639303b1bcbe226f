"""Tests: What surrounds every page."""
