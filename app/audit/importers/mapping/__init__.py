"""Files of any other system: which of their fields is which part of an event."""
