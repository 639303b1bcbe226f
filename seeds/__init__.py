"""The demonstration: two tenants, their people, and six weeks of events with something to find."""
