"""Finds statements that may conflict with what the same speaker said, or with what was reported later.

Importing the package loads no model library.
"""

from checker.errors import CheckerError
from checker.records import CheckResult, Finding, Pair, Statement

__all__ = ["CheckResult", "CheckerError", "Finding", "Pair", "Statement", "__version__"]

__version__ = "0.1.0"
