"""What `make run` stands on: a PostgreSQL of our own, a supervisor, a free port, probes."""
