"""The contract of an event: what a sender may send, and the sentences for what does not fit."""
