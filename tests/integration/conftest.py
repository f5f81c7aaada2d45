"""The deployed stack: the real template, state machine and handlers."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from accidental_transfers.local.embedded_aws import EmbeddedAws, embedded_aws
from tests.integration.support import Bucket
from tests.pipeline.support import Faults

Deploy = Callable[..., AbstractContextManager[EmbeddedAws]]


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Deploy:
    """Deploy with some parameters, each set of them only once through CloudFormation."""
    return partial(embedded_aws, cache=tmp_path_factory.mktemp("deployments"))


@pytest.fixture
def aws(deployed: Deploy) -> Iterator[EmbeddedAws]:
    with deployed() as running:
        yield running


@pytest.fixture
def bucket(aws: EmbeddedAws) -> Bucket:
    return Bucket(aws.deployment.bucket)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that the state machine waited before each retry; it does not really wait."""
    from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl

    waited: list[float] = []
    clock = SimpleNamespace(**{**vars(time), "sleep": waited.append})
    monkeypatch.setattr(retrier_decl, "time", clock)
    return waited


@pytest.fixture
def faults() -> Iterator[Faults]:
    with Faults().installed() as planned:
        yield planned


@pytest.fixture
def events() -> Path:
    return Path(__file__).parents[2] / "events"
