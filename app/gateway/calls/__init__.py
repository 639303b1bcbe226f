"""The pages of the call ledger."""
