"""What a tenant decides: which model answers, what may leave for it, and when nothing may."""
