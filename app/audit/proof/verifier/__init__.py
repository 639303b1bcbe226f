"""The verifier: reads evidence that we handed out, and says whether it is right.

Together with what it imports it is also one file that runs without Ballast (see `assembly`), so
nothing here imports anything but the standard library, `cryptography` and its own kind.
"""
