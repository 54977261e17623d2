"""``make bench``: the draw against its peers, then the match. Options are those of ``benchmarks.draw``."""

from __future__ import annotations

from benchmarks import draw, match

draw.main()
match.main([])
