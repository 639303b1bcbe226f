"""Evidence packs: a signed summary with the events it rests on, to be checked without Ballast."""
