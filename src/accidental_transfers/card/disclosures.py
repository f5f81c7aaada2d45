"""What is said of every dataset, on its card and in the metadata that goes with it."""

from __future__ import annotations

LICENCE_NAME = "CC0-1.0"
"""As SPDX names it."""
LICENCE_URL = "https://creativecommons.org/publicdomain/zero/1.0/"
LICENCE = "The data is free of rights (CC0): use it as you like. Nobody has to be named."
ATTRIBUTION = (
    "Where coordinates of cities appear, as in the card's map, GeoNames (CC BY 4.0) asks to be "
    "named."
)
SOURCES = (
    "Made from public facts: the 2020 US Census, and the Federal Reserve's Diary of Consumer "
    "Payment Choice, 2017 to 2019."
)
LIMITS = (
    (
        "It is synthetic. No row is a real payment and no customer a real person; what holds here "
        "is a hypothesis about real accounts until it is tested there."
    ),
    (
        "8 to 15 transactions a day, the default, is a workload chosen for training, not a "
        "population: real Americans make about 1.6 payments a day."
    ),
    (
        "Amounts, hours, weekdays and days of the month follow the Federal Reserve's Diary of "
        "Consumer Payment Choice, 2017 to 2019, raised to dollars of early 2024. Typing errors "
        "follow published counts of people's errors. Shares of entity types and rates of accidents "
        "and their look-alikes are estimates, and can be set."
    ),
    (
        "Customers live in the 120 largest cities of the United States, in shares of the 2020 "
        "Census. There are no villages, no foreign countries, no incomes, balances or refunds."
    ),
    (
        "The rate of labels is far above what banks see. A model's precision here says nothing "
        "about its precision there: calibrate it to your own rate."
    ),
    "original_recipient_entity and the companions tell the truth. Keep them away from features.",
)
