"""Measuring the audit log at the size of years of use."""
