"""Imports that were uploaded: their files, what is to become of them, and how far they are."""
