"""What pages cost, measured in a slow browser on a slow network: `python -m tests.budgets`."""
