"""Finding events: the words of the index, and reading a page in bounded steps."""
