"""The logger, the tracer and the metrics that all handlers share.

The ``POWERTOOLS_*`` environment variables set the level, the service and the namespace.
"""

import functools
import os
from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer

logger = Logger()
tracer = Tracer()
# Powertools has a default for the service, but none for the namespace.
metrics = Metrics(namespace=os.environ.get("POWERTOOLS_METRICS_NAMESPACE", "AccidentalTransfers"))

Handler = Callable[[Any, Any], Any]


def logging_the_run(handler: Handler) -> Handler:
    """Put the run of the event into every line of log, that of a handler's failure included.

    The event is not validated yet, so that a refused one can be found by its run as well.
    """

    @functools.wraps(handler)
    def logged(event: Any, context: Any) -> Any:
        run = event.get("run") if isinstance(event, dict) else None
        # A warm start keeps the keys of the one before.
        logger.append_keys(run=run if isinstance(run, str) else None)
        try:
            return handler(event, context)
        except Exception:
            # Lambda logs it as well, but knows no run.
            logger.exception("failed")
            raise

    return logged
