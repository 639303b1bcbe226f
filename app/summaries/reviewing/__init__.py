"""What reviewers see: the queue, claims beside evidence, versions, and how reviews go."""
