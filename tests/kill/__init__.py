"""Killing web server, worker and database at work, and looking for what got lost or doubled."""
