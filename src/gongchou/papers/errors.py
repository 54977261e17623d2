"""How printing says no."""

from __future__ import annotations


class PaperError(Exception):
    """A paper that cannot be printed as it was asked for.

    code: ``data`` (not JSON), ``no_zone`` (a moment without its time zone), ``qr`` (an address too long to be scanned
    from paper), ``picture`` (no whole PNG or JPEG), ``template`` (typst refused, or lacks a font); facts tell the case.
    """

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code, self.facts = code, facts

    def __str__(self) -> str:
        told = ", ".join(f"{key}={value}" for key, value in self.facts.items())
        return f"{self.code}: {told}"
