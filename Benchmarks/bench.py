"""What every figure is given."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bench:
    binary: str
    floor: str
    full: bool
    # The longest that one figure is measured for.
    limit: float = float("inf")

    def seconds(self, quick, full):
        """How long to measure, warming up not included."""
        return min(self.limit, full if self.full else quick)
