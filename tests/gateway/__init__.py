"""The gateway, against a real server on this machine and against the built-in provider."""
