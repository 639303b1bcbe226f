"""Sending and asking whatever can be thought of, and judging every answer by a second opinion."""
