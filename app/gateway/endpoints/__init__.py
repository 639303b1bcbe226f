"""Where calls may go: endpoints that the operator names, with their breaker and their probe."""
