"""Erasure of a person, through the front door."""
