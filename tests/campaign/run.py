"""``make campaign``: every case of every campaign, and the table of their figures."""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import product

from tests.campaign.campaigns import CAMPAIGNS, share
from tests.campaign.figures import Figures, notes, summary, table
from tests.campaign.protocol import PROTOCOL
from tests.campaign.scenarios import scenarios_of
from tests.campaign.world import embedded_world, environment


def run_share(name: str, number: int, of: int) -> Figures:
    """Run a share of a campaign, in a world of its own."""
    began = time.process_time()
    if name in PROTOCOL:
        with environment():
            figures = PROTOCOL[name](share(number, of))
    else:
        with embedded_world() as world:
            figures = CAMPAIGNS[name](world, scenarios_of(world), share(number, of))
    figures.seconds = time.process_time() - began
    return figures


def main() -> int:
    """Run the campaigns whose names begin as asked, and tell whether any promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("campaigns", nargs="*", default=[""], help="what their names begin with")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--examples", type=int, default=3, help="cases shown of each violation")
    asked = parser.parse_args()

    names = [name for name in (*CAMPAIGNS, *PROTOCOL) if name.startswith(tuple(asked.campaigns))]
    campaigns = {name: Figures() for name in names}
    with ProcessPoolExecutor(asked.workers) as pool:
        shares = list(product(names, range(asked.workers)))
        done = pool.map(run_share, *zip(*shares, strict=True), [asked.workers] * len(shares))
        for (name, number), figures in zip(shares, done, strict=True):
            campaigns[name] += figures
            if number == asked.workers - 1:
                done_so_far = campaigns[name]
                print(
                    f"{name}: {done_so_far.cases:,} cases, "
                    f"{len(done_so_far.violations):,} violations",
                    file=sys.stderr,
                )
    print(table(campaigns))
    total = sum(campaigns.values(), Figures())
    print(notes(total))
    print(summary(total.violations, asked.examples))
    return 1 if total.violations else 0


if __name__ == "__main__":
    sys.exit(main())
