"""What can go wrong in a run, by name: the name and the message are what the user gets to see.

All but `StorageUnavailableError` are final: trying again gives the same answer.
"""


class PipelineError(Exception):
    """A run cannot go on; the message says what was found and what is allowed."""


class SettingsError(PipelineError):
    """The function's environment variables are missing or not acceptable."""


class EventError(PipelineError):
    """The event that a function was invoked with is not of its shape."""


class RowLimitError(PipelineError):
    """The dataset would have more rows than the deployment allows."""


class SliceTooLargeError(PipelineError):
    """A slice of that many customers does not fit the memory of the function that makes it."""


class TooManySlicesError(PipelineError):
    """The run would have more slices than can be joined into one object."""


class OutputExistsError(PipelineError):
    """The output is there already, from another run, and is not to be replaced."""


class UnknownRunError(PipelineError):
    """The run, or the slice of it, was never planned."""


class IncompleteRunError(PipelineError):
    """Slices are missing, foreign or doubled, so that there is nothing whole to join."""


class DamagedPartError(PipelineError):
    """A part is not what its receipt says."""


class StorageUnavailableError(PipelineError):
    """S3 was busy, slow or out of reach, beyond the client's own attempts: worth a retry."""
