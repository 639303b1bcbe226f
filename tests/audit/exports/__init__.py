"""Exports of the audit log."""
