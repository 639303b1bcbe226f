"""The one query language of every list page: text, terms, chips and time windows."""
