"""What a command raises when the operator, not a traceback, should hear about it."""

from typing import ClassVar


class LakeError(Exception):
    """A run that failed: the message says what happened, to what, and what to do about it.

    `lake.cli.main` prints it as plain text and ends with `exit_code`.
    """

    exit_code: ClassVar[int] = 1


class UsageError(LakeError):
    """A wrong argument, or a missing or wrong piece of configuration; nothing was run."""

    exit_code: ClassVar[int] = 2
