"""Reading the logs of other systems: one module a format, each yielding events of the contract."""
