"""What the README of a pack says to whoever opens it years later."""

WORDS = """\
This is the evidence for a summary that a person signed:

    {title}
    {summary_id}

It was made from an audit log that Ballast kept. A model drafted it; every claim was checked
against the log, and a person who had not asked for it signed it.

cover.txt      which summary, and the SHA-256 of every other part, signed with the key of the log
summary.json   the text that was signed, byte for byte; its SHA-256 stands in the approval
log.zip        the events: {events} of the log, among them the whole slice that the summary is
               about, and what the log says of the summary itself: who asked, who signed. It is a
               pack that ballast_verify.py checks as well.

Check it, without a database and without a network, where Ballast is installed:

    flask summaries verify PACK.zip --key KEY

Take KEY from {keys},
and not from whoever gave you this file: a key that came along proves only that the parts fit
each other. With --kept FILE a checkpoint that you kept yourself is worth more than any key.

What it shows: these events were in the log before the approval and are as they were sealed; this
text was signed, by the person whom the log names; and every claim of it holds of these events.
What it does not show: that what an event says was true; and that no other event matched the
filter, which only the whole log shows.
"""
