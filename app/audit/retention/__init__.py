"""How long events are kept, what holds them, and how they and the names in them go."""
