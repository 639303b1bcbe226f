"""Tests of the shape of the app: each walks all there is of something and keeps it uniform."""
