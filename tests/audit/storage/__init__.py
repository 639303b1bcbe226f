"""How events are kept: numbers, words, counts, and finding them again."""
