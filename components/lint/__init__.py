"""Three nets that keep pages on the design system: templates, stylesheets, rendered pages."""
