"""Tests: Logs, probes and metrics."""
