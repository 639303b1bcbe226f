"""What `make run` stands on, tried with real servers and real processes."""
