"""The commands of summaries, and the job that drafts, in the order of a summary's life."""
