"""Probes: what a browser can tell of a page that its HTML cannot. No test is in here."""
