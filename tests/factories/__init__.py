"""Test data: each factory builds the smallest valid row, of the tenant it is told."""
