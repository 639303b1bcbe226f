"""Legal holds: events that nothing deletes and nothing erases while they last."""
