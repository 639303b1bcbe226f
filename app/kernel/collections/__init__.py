"""The collection declaration behind every list page: columns, filters, order, words."""
