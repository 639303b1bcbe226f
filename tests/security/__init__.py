"""Attacks on the running product: each was tried by hand first, and stays here as a test."""
