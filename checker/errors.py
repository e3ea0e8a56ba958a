"""Every error the package raises on purpose, and the exit status each one ends a command with.

CheckerError                    1  never raised itself
├── UsageError                  2  options that cannot be used together or do not exist
├── InputError                  3  a file, row or document that cannot be read
│   ├── MissingColumnError      3  a table without a text or speaker column
│   └── LockedFileError         3  an encrypted or password-protected document
├── SettingsError               3  `checker.toml` or an option holds a value that cannot be used
├── StoppedError              130  the user pressed Ctrl-C; what was computed is kept
├── OutputError                 3  a report, table or label file that cannot be written
└── ModelError                  4  a model that cannot be loaded or run
    └── MissingExtraError       4  a library of an optional extra is not installed

Errors of other libraries are caught where they enter and raised again as one of these, with `from`.
"""

from __future__ import annotations

from typing import ClassVar

__all__ = [
    "CheckerError",
    "InputError",
    "LockedFileError",
    "MissingColumnError",
    "MissingExtraError",
    "ModelError",
    "OutputError",
    "SettingsError",
    "StoppedError",
    "UsageError",
]


class CheckerError(Exception):
    """Parent of all errors raised on purpose; its text says what is wrong, where, and what to do next."""

    exit_status: ClassVar[int] = 1


class UsageError(CheckerError):
    """The command was called in a way that cannot be carried out."""

    exit_status = 2


class InputError(CheckerError):
    """A file or row could not be read."""

    exit_status = 3


class MissingColumnError(InputError):
    """A table lacks a column that every statement needs."""


class LockedFileError(InputError):
    """A document is encrypted and cannot be opened without its password."""


class SettingsError(CheckerError):
    """A setting holds a value that cannot be used."""

    exit_status = 3


class StoppedError(CheckerError):
    """The user ended the work with Ctrl-C; the text says what is kept."""

    exit_status = 130  # what shells give for it


class OutputError(CheckerError):
    """A file could not be written; what stood there before is untouched."""

    exit_status = 3


class ModelError(CheckerError):
    """A model could not be loaded or run."""

    exit_status = 4


class MissingExtraError(ModelError):
    """A library that belongs to an optional extra is not installed."""
