"""Ballast's design system: tokens, components, the registry that checks them, and the nets."""
