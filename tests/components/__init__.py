"""The design system keeps its promises."""
