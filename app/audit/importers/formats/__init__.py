"""The formats of other systems: one module each, declaring from which fields an event is made."""
