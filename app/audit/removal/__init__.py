"""Taking events away after their time, and values out of events: the two ways past append-only."""
