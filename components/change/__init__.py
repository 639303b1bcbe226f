"""Governed change: what a contract promised, what it promises now, and who is touched."""
