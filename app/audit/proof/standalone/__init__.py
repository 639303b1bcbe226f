"""The verifier as one file, for people who do not have Ballast."""
