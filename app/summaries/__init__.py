"""AI summaries of the audit log: asked for, drafted, checked claim by claim, signed by a person."""
