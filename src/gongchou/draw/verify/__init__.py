"""Does a draw again from its bundle and says the first place where two accounts differ (spec section 11).

``verify(files)`` runs the eighteen checks in order and returns a ``Report``. It reads blobs, never a disk; it needs
nobody's permission and nothing but this package.
"""

from __future__ import annotations

from gongchou.draw.verify.case import Options, parse_real_ids, parse_trust
from gongchou.draw.verify.report import Check, Failure, Mark, Report
from gongchou.draw.verify.runner import CHECKS, verify

__all__ = ["CHECKS", "Check", "Failure", "Mark", "Options", "Report", "parse_real_ids", "parse_trust", "verify"]
