"""Corrupting a stored log in every way we can think of, and asking the verifier each time.

`python -m tests.audit.corruptions --count 10000` prints how many of each kind were made and
found. The tests run a small part of the same.
"""
