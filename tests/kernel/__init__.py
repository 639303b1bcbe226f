"""Tests: What every domain stands on."""
