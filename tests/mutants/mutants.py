"""All mutants."""

from __future__ import annotations

from tests.mutants.of_publishing import OF_PUBLISHING
from tests.mutants.of_runs import OF_RUNS

MUTANTS = (*OF_PUBLISHING, *OF_RUNS)
