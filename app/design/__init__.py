"""The gallery: the design system as pages, built from the design system."""
