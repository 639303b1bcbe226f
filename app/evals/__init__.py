"""Evaluation: cases, runs over them, metrics and gates, and the promotion of prompts."""
