"""The logger, the tracer and the metrics that all handlers share.

Service name, namespace and level come from the ``POWERTOOLS_*`` environment variables.
"""

from aws_lambda_powertools import Logger, Metrics, Tracer

logger = Logger()
tracer = Tracer()
metrics = Metrics()
