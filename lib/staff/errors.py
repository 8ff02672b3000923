"""Names what can go wrong with the staff accounts; raises nothing itself."""


class StaffFileError(Exception):
    """The staff file can't be used, or what was asked of it can't be done; the text says why, for people."""


class SingleSignOnError(Exception):
    """Single sign-on is not set up right; the text says why, for people, without a secret."""
