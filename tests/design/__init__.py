"""Tests: the gallery."""
