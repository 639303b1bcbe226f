"""Field data: how fast pages are for the people who use them, as their browsers tell."""
