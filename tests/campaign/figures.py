"""What a campaign counts, and the table that it ends with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Violation:
    """A promise that was not kept.

    Attributes
    ----------
    case : str
        What it takes to see it again.
    """

    invariant: str
    found: str
    case: str

    def __str__(self) -> str:
        return f"{self.invariant}: {self.found} [{self.case}]"


@dataclass
class Figures:
    """What was tried, and what did not hold.

    Attributes
    ----------
    seconds : float
        Of processor time.
    notes : Counter
        How often something happened that is worth knowing.
    """

    cases: int = 0
    calls: int = 0
    faults: int = 0
    seconds: float = 0.0
    violations: list[Violation] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)

    def add(self, *, calls: int = 1, faults: int = 0, violations: list[Violation]) -> None:
        """Count a case."""
        self.cases += 1
        self.calls += calls
        self.faults += faults
        self.violations.extend(violations)

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.cases + other.cases,
            self.calls + other.calls,
            self.faults + other.faults,
            self.seconds + other.seconds,
            self.violations + other.violations,
            self.notes + other.notes,
        )


_ROW = "{:<42} {:>8} {:>9} {:>8} {:>11} {:>9}"


def table(campaigns: Mapping[str, Figures]) -> str:
    """Lay the figures of all campaigns out, with their sum."""
    rows = [_ROW.format("campaign", "cases", "calls", "faults", "violations", "seconds")]
    for name, figures in {**campaigns, "all": sum(campaigns.values(), Figures())}.items():
        rows.append(
            _ROW.format(
                name,
                f"{figures.cases:,}",
                f"{figures.calls:,}",
                f"{figures.faults:,}",
                f"{len(figures.violations):,}",
                f"{figures.seconds:,.0f}",
            )
        )
    return "\n".join(rows)


def notes(figures: Figures) -> str:
    """List what is worth knowing."""
    return "\n".join(f"{name:<42} {count:>8,}" for name, count in sorted(figures.notes.items()))


def summary(violations: list[Violation], examples: int = 3) -> str:
    """Say of each invariant how often it was violated, with a few cases to see it by."""
    lines = []
    for invariant, count in Counter(each.invariant for each in violations).most_common():
        lines.append(f"{invariant}: {count:,} violations, such as")
        own = [each for each in violations if each.invariant == invariant]
        lines.extend(f"  {each.found} [{each.case}]" for each in own[:examples])
    return "\n".join(lines)
