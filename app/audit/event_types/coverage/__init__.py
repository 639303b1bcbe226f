"""Which event each changing route leads to, found in the source."""
