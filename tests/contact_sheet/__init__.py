"""One sheet with a picture of every example and every page, for people to look at."""
