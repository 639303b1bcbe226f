"""The commands of summaries, in the order of a summary's life."""
