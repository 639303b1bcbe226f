"""Legal holds: events that nothing deletes while they last."""
