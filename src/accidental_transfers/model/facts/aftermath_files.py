"""What may stand in the file about what follows an accident."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Stake = Literal["nothing", "extra", "excess", "all"]
Outcome = Literal[
    "returned", "refunded", "reversed", "recovered_in_part", "refused", "bounced", "stands"
]
Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
Sigma = Annotated[float, Field(gt=0, le=4)]


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    source: str


class Reason(_Facts):
    """What a reason code of ISO 20022 says."""

    meaning: str


class Deadline(_Facts):
    """How many days something may take, and from what on."""

    days: int = Field(ge=1, le=3650)
    counted: Literal["banking", "calendar"]
    since: Literal["payment", "statement", "report"] = Field(alias="from")

    @property
    def banking_days(self) -> int:
        """So many banking days are within it, whatever the weekends and holidays."""
        return self.days if self.counted == "banking" else self.days // 2


class Noticed(_Facts):
    """Who notices, and after how many hours: median and sigma of ln."""

    share: Share
    hours: Positive
    sigma: Sigma


class SentAgain(_Facts):
    """Who pays the right payee, and how many minutes after noticing: median and sigma of ln."""

    share: Share
    minutes: Positive
    sigma: Sigma


class ByItself(_Facts):
    """What happens without a report, banking days after the payment."""

    share: Share
    outcome: Literal["reversed", "refunded", "bounced"]
    days: Positive
    sigma: Sigma
    deadline: str


class Reported(_Facts):
    """Who of those who noticed reports it, and how many hours later."""

    share: Share
    hours: Positive
    sigma: Sigma
    deadline: str


class Answer(_Facts):
    """What comes of a report, banking days after it; the part that comes back."""

    outcome: Outcome
    share: Share
    days: Positive
    sigma: Sigma
    least: Share | None = None
    most: Share | None = None


class Way(BaseModel):
    """How it goes with some transaction types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    types: list[str] = Field(min_length=1)
    by_itself: ByItself | None = None
    reported: Reported
    deadline: str
    answers: list[Answer] = Field(min_length=1)


class KindEntry(BaseModel):
    """What follows one kind of accident or look-alike; the file's ``_about`` explains each key."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    reason: str
    at_stake: Stake
    honest: bool = False
    noticed: Noticed
    sent_again: SentAgain | None = None
    ways: list[Way] = Field(min_length=1)


class AftermathFile(BaseModel):
    """``aftermath.json``."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    about: dict[str, str] = Field(alias="_about", min_length=1)
    sources: dict[str, str]
    reasons: dict[str, Reason]
    deadlines: dict[str, Deadline]
    kinds: dict[str, KindEntry]
