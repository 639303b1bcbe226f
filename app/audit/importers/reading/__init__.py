"""From the bytes of a file to its records, one at a time, whatever its size."""
