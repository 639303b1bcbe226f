"""Retention, legal hold, deletion and erasure, through the front door."""
