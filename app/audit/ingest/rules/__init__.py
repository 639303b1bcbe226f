"""What a tenant decides about taking events in: which, how many, and how long refused ones wait."""
