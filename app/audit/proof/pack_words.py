"""What the README of a pack says to whoever opens it years later."""

WORDS = """\
This is evidence from an audit log that Ballast kept: {events} events of

    {origin}

as they were sealed under the checkpoint of {size} events in checkpoint.txt.

manifest.json    what was asked for, when, and the SHA-256 of every other file
events.jsonl     the events, one a line: the leaf, the hash that was sealed, the event, and the
                 salt that opens the commitments of its leaf
subtrees.txt     hashes of what lies between these events: height, position, hash
checkpoint.txt   the signed checkpoint that all of it leads to (c2sp.org/tlog-checkpoint)
earlier.jsonl    earlier checkpoints, with proofs that the log only grew since
keys.txt         the public keys of the log (c2sp.org/signed-note)

Check it, without Ballast and without a network:

    python3 ballast_verify.py {name} --key KEY

ballast_verify.py is at {verifier}. Take it, and KEY, from somewhere else than from whoever gave
you this file: a key that came along proves only that the parts fit each other.

A checkpoint that you kept yourself, or that was published, is worth more than any key: with
--kept FILE the log is found out if it was changed, cut or set back since.

What it shows: these events were in the log when the checkpoint was signed, and not one sign of
them was changed since. {completeness}
What it does not show: that what an event says was true, and when somebody wrote it.
"""
WHOLE = "Every event up to the checkpoint is in here, so that none can be missing."
SOME = "It does not show that nothing else matched the query: only the whole log shows that."
