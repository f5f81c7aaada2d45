"""Every error of this package by its name, in one tree.

Names are what people see: in an execution that failed, in the retriers of the state machine, on
the command line. Every message says what was given, what is allowed, and which field, file or
object it is about. Only `StorageUnavailableError` is worth another attempt: every other error
would come again.

A message keeps to `LONGEST_MESSAGE` characters, and shows `LONGEST_VALUE` of a value: past 32,768
Step Functions would lose the error's name, and nobody reads so much.

::

    AccidentalTransfersError
    ├── InputError: change what was given; also a ValueError
    │   ├── SpecError
    │   ├── RowLimitError
    │   ├── SliceTooLargeError
    │   ├── TooManySlicesError
    │   ├── OutputExistsError
    │   ├── RunExistsError
    │   ├── EventError
    │   ├── InputFileError
    │   ├── FactsError
    │   ├── DatasetFileError
    │   ├── DeploymentError
    │   ├── UnknownStackError
    │   ├── UnknownExecutionError
    │   ├── ManifestError
    │   ├── SplitError
    │   └── NotComputableError
    ├── EnvironmentFaultError: change what the program runs in
    │   ├── SettingsError
    │   ├── MissingDependencyError
    │   ├── OutputError
    │   ├── AwsError
    │   ├── StorageRefusedError
    │   └── StorageUnavailableError
    └── RunError: resume the run, or start another
        ├── UnknownRunError
        ├── OtherPlanError
        ├── OtherCodeError
        ├── IncompleteRunError
        ├── DamagedPartError
        ├── TornSetError
        └── OutputContestedError
"""

import sys

LONGEST_MESSAGE = 2_000
"""Characters of a message."""
LONGEST_VALUE = 200
"""Characters of a value in it."""
MOST_LISTED = 10
"""Names or problems that a message lists one by one."""


def bounded(text: str, most: int = LONGEST_MESSAGE) -> str:
    """Shorten a text to `most` characters; it says then how many were left out.

    Examples
    --------
    >>> bounded("x" * 5_000, 40)
    'xxxxxxxxxxxxxxxx … 4,984 characters more'
    """
    if len(text) <= most:
        return text
    longest_note = f" … {len(text):,} characters more"
    kept = most - len(longest_note)
    return f"{text[:kept]} … {len(text) - kept:,} characters more"


def some(names: list[str], separator: str = ", ") -> str:
    """List names or problems: `MOST_LISTED` of them, and how many more there are."""
    rest = len(names) - MOST_LISTED
    more = f" and {rest:,} more" if rest > 0 else ""
    return separator.join(names[:MOST_LISTED]) + more


def shown(value: object) -> str:
    """Write a value that was given as a message may show it: in Python's spelling, not too long."""
    return bounded(repr(value), LONGEST_VALUE)


class AccidentalTransfersError(Exception):
    """Any error that this package names.

    Examples
    --------
    >>> from accidental_transfers import AccidentalTransfersError, generate
    >>> try:
    ...     generate(customers=5).split(by="town")
    ... except AccidentalTransfersError as error:
    ...     print(f"{type(error).__name__}: {error}")
    SplitError: by: got 'town'; allowed: 'time' or 'customer'
    """

    longest_message = LONGEST_MESSAGE

    def __init__(self, message: str = "") -> None:
        super().__init__(bounded(message, self.longest_message))


class InputError(AccidentalTransfersError, ValueError):
    """What the user gave is not acceptable: an input, an event, an option or a file."""


class SpecError(InputError):
    """The specification of a dataset is not acceptable.

    The message names every offending field, the value that was given and what is allowed.

    Examples
    --------
    >>> from accidental_transfers import SpecError, generate
    >>> try:
    ...     generate(start_date="yesterday")
    ... except SpecError as error:
    ...     print(str(error).split(";")[0])
    start_date: got 'yesterday'
    """


class RowLimitError(InputError):
    """The dataset may have more rows than the deployment allows."""


class SliceTooLargeError(InputError):
    """A slice of that many customers does not fit the memory of the function that makes it."""


class TooManySlicesError(InputError):
    """The run would have more slices than can be joined into one object."""


class OutputExistsError(InputError):
    """Something stands where the output is to go, and it is not to be replaced."""


class RunExistsError(InputError):
    """Another plan holds the run's name: the execution needs another one."""


class EventError(InputError):
    """The event that a function was invoked with does not have the function's shape."""


class InputFileError(InputError):
    """A file with JSON input cannot be read, or is not JSON."""


class FactsError(InputError):
    """The files of facts are not acceptable.

    The message has a line for each problem, which names the file, the entry, the field, what was
    given and what is allowed. It is for the command line, and leaves no line out.
    """

    longest_message = sys.maxsize


class DatasetFileError(InputError):
    """A file is no dataset of labelled transactions; the message says which, where and why."""


class DeploymentError(InputError):
    """The stack cannot be deployed as it was asked for."""


class UnknownStackError(InputError):
    """There is no such stack in the region, or it is none of this project's."""


class UnknownExecutionError(InputError):
    """The state machine has no such execution, or the execution has no dataset to fetch."""


class ManifestError(InputError):
    """What is to be a manifest cannot be read, or names no set of files."""


class SplitError(InputError):
    """A dataset cannot be split into rows to train on and rows to test with as it was asked for."""


class NotComputableError(InputError):
    """A dataset does not hold what a measure needs; the scorecard notes why and goes on."""


class EnvironmentFaultError(AccidentalTransfersError):
    """What the program runs in does not let it work: settings, packages, disk or storage."""


class SettingsError(EnvironmentFaultError):
    """A function's environment variables are missing or not acceptable."""


class MissingDependencyError(EnvironmentFaultError):
    """An optional package that the command needs is not installed."""


class OutputError(EnvironmentFaultError):
    """A file cannot be written where it was asked for."""


class AwsError(EnvironmentFaultError):
    """AWS refused what the command asked for, or was not reached: permissions, region, network."""


class StorageRefusedError(EnvironmentFaultError):
    """S3 or Glue refused a request, or was never asked: permissions or settings are wrong."""


class StorageUnavailableError(EnvironmentFaultError):
    """S3 or Glue was busy or out of reach, beyond the client's own attempts: worth a retry."""


class RunError(AccidentalTransfersError):
    """A run is broken: what its functions left in the bucket is not what it should be."""


class UnknownRunError(RunError):
    """The run, or the slice of it, was never planned, or is over."""


class OtherPlanError(RunError):
    """The plan in the run's folder is not the one that this belongs to."""


class OtherCodeError(RunError):
    """Other code, facts or numpy made the plan or a slice: their bytes may not fit together."""


class IncompleteRunError(RunError):
    """Receipts of slices are missing, not this run's, or wrong: there is nothing whole to join."""


class DamagedPartError(RunError):
    """A part is not what its receipt says."""


class TornSetError(RunError):
    """The files of a published set are not those that its manifest names."""


class OutputContestedError(RunError):
    """Another run began to publish at the output key while this one did: the last one wins."""
