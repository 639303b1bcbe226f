"""How long events are kept, what holds them, and how they go."""
