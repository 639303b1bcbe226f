"""Counts of events by day and by hour, kept in the transaction that stores the events."""
