"""What surrounds every page: base template, navigation, overview."""
