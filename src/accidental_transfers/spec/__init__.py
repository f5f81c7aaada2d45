"""What may be asked for: a dataset, and the job that makes and publishes it."""

from accidental_transfers.spec.dataset import DatasetSpec
from accidental_transfers.spec.job import JobSpec

__all__ = ["DatasetSpec", "JobSpec"]
