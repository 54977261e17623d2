"""``make bench``: the draw against its peers, then the match, then how fair both are.

Options are those of ``benchmarks.draw``.
"""

from __future__ import annotations

from benchmarks import draw, fairness, match

draw.main()
match.main([])
fairness.main([])
