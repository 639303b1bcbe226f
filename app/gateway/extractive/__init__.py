"""The built-in provider: fixed rules behind the same client as a model, and no model at all."""
