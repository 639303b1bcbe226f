"""Long runs against models that fail: nothing may be lost, billed twice, or left hanging."""
