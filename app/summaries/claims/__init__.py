"""What a claim is, whether the log bears it out, and the sentence that says it."""
