"""The composition root: the only place that may import everything."""
