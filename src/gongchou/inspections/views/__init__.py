"""Pages, and the answers that phones get."""
