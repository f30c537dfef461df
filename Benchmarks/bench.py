"""What every figure is given."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bench:
    binary: str
    floor: str
    full: bool

    def seconds(self, quick, full):
        """How long to measure, warming up not included."""
        return full if self.full else quick
