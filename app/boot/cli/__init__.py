"""The commands of `flask`, one file a group."""
