"""The logger, the tracer and the metrics that all handlers share.

The ``POWERTOOLS_*`` environment variables set the level, the service and the namespace.
"""

import os

from aws_lambda_powertools import Logger, Metrics, Tracer

logger = Logger()
tracer = Tracer()
# Powertools has a default for the service, but none for the namespace.
metrics = Metrics(namespace=os.environ.get("POWERTOOLS_METRICS_NAMESPACE", "AccidentalTransfers"))
