"""Exports: the filtered rows as a file, with a manifest, for whoever asked and for some hours."""
