"""Proof: that the log is what it was, checked offline by somebody who does not trust us."""
