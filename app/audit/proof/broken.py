"""What is raised when the stored seal of a log is not what it has to be."""


class SealBroken(Exception):
    """What is stored cannot be what was sealed; a sentence says what is wrong."""
