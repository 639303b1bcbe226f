"""Tests of the proof: what is claimed, and every way in which the claim can be wrong."""
