"""The words that guards and the audit log share: permissions and audit tags. Imports nothing."""
