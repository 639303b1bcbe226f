"""Tests of the summaries: pure parts first, then the whole journey through HTTP."""
