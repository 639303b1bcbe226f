"""The query language, from what people type to what rows match."""
