"""The table of failures: which becomes which error of this package, and which is tried again.

What comes out of botocore has one of two names. `StorageUnavailableError` is worth another attempt;
`StorageRefusedError` would come again. What the platform itself reports keeps its name while it is
retried, and then becomes the state machine's `PlatformError`. The retriers of
``statemachine/dataset.asl.json`` are held against this table by a test, and so is every class of
``botocore.exceptions``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum

from botocore.exceptions import BotoCoreError, ClientError
from urllib3.exceptions import HTTPError

from accidental_transfers.errors import (
    AccidentalTransfersError,
    EnvironmentFaultError,
    OtherCodeError,
    OtherPlanError,
    OutputExistsError,
    StorageRefusedError,
    StorageUnavailableError,
    UnknownRunError,
)

NETWORK = ("ConnectionError", "HTTPClientError", "IncompleteReadError")
"""No connection came about, or it broke; the bases of timeouts, proxies' failures and TLS's."""
DAMAGED_ON_THE_WAY = ("AwsChunkedWrapperError", "ChecksumError", "FlexibleChecksumError")
OWN_LIMIT = ("CapacityNotAvailableError",)
"""The client spent all its retries on other requests."""

CREDENTIALS = (
    "CredentialRetrievalError", "LoginError", "MetadataRetrievalError", "NoAuthTokenError",
    "NoCredentialsError", "PartialCredentialsError", "RefreshWithMFAUnsupportedError", "SSOError",
    "TokenRetrievalError", "UnknownCredentialError", "UnknownTokenProviderError",
)  # fmt: skip
SETTINGS = (
    "BaseEndpointResolverError", "ConfigNotFound", "ConfigParseError", "EndpointProviderError",
    "InvalidChecksumConfigError", "InvalidConfigError", "InvalidDefaultsMode",
    "InvalidEndpointConfigurationError", "InvalidEndpointDiscoveryConfigurationError",
    "InvalidIMDSEndpointError", "InvalidIMDSEndpointModeError", "InvalidProxiesConfigError",
    "InvalidRetryConfigurationError", "InvalidS3AddressingStyleError",
    "InvalidS3UsEast1RegionalEndpointConfigError", "InvalidSTSRegionalEndpointsConfigError",
    "ProfileNotFound", "ServiceNotInRegionError", "UnknownRegionError",
    "UnknownSignatureVersionError", "UnsupportedS3AccesspointConfigurationError",
    "UnsupportedS3ConfigurationError", "UnsupportedS3ControlConfigurationError",
    "UnsupportedSignatureVersionError", "WaiterConfigError",
)  # fmt: skip
INSTALLATION = (
    "ApiVersionNotFoundError", "DataNotFoundError", "MD5UnavailableError",
    "MissingDependencyException", "UndefinedModelAttributeError", "UnknownServiceStyle",
    "UnsupportedServiceProtocolsError",
)  # fmt: skip
OWN_MISTAKES = (
    "InvalidDNSNameError", "InvalidExpressionError", "InvalidHostLabelError",
    "MissingParametersError", "OperationNotPageableError", "PaginationError",
    "ParamValidationError", "StubResponseError", "UnknownClientMethodError",
    "UnseekableStreamError", "UnsupportedOutpostResourceError", "UnsupportedS3ArnError",
    "UnsupportedS3ControlArnError", "ValidationError", "WaiterError",
)  # fmt: skip
"""Requests that are not put together as botocore wants them."""

OF_BOTOCORE: dict[str, type[EnvironmentFaultError]] = {
    **dict.fromkeys((*NETWORK, *DAMAGED_ON_THE_WAY, *OWN_LIMIT), StorageUnavailableError),
    **dict.fromkeys(
        (*CREDENTIALS, *SETTINGS, *INSTALLATION, *OWN_MISTAKES, "ClientError"), StorageRefusedError
    ),
}
"""By the name of a class, which stands for those below it as well. A ``ClientError`` is S3's own
answer: its code and its status decide."""

TRANSIENT_CODES = {
    "BadDigest", "ConcurrentModificationException", "ConditionalRequestConflict", "IncompleteBody",
    "InternalError", "InternalServiceException", "OperationAborted", "OperationTimeoutException",
    "RequestTimeout", "RequestTimeTooSkewed", "ResourceNotReadyException", "ServiceUnavailable",
    "SlowDown", "Throttling", "ThrottlingException", "XAmzContentChecksumMismatch",
}  # fmt: skip
"""Answers of S3 that another attempt may change, and Glue's;
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html and
https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-exceptions.html."""
TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500


class Retry(Enum):
    """What the state machine does with an error: one retrier of every task for each."""

    SOON = "it passes by itself, as a rule at once"
    THROTTLED = "too much at once: tried longer and more slowly"
    ONCE = "the process was killed: by memory, which would happen again, or by chance"
    NEVER = "it would come again"


OF_PLATFORM: dict[str, Retry] = {
    **dict.fromkeys(
        (
            "Lambda.AWSLambdaException", "Lambda.ClientExecutionTimeoutException",
            "Lambda.CodeArtifactUserPendingException", "Lambda.ResourceConflictException",
            "Lambda.ResourceNotReadyException",
            "Lambda.SdkClientException", "Lambda.ServiceException", "Lambda.Unknown",
            "Sandbox.Timedout", "States.Timeout",
        ),
        Retry.SOON,
    ),
    **dict.fromkeys(("Lambda.TooManyRequestsException",), Retry.THROTTLED),
    **dict.fromkeys(("Runtime.ExitError",), Retry.ONCE),
    **dict.fromkeys(
        (
            # How the functions are deployed, and who may call them.
            "Lambda.AccessDeniedException", "Lambda.CodeArtifactUserDeletedException",
            "Lambda.CodeArtifactUserFailedException", "Lambda.InvalidRuntimeException",
            "Lambda.NoPublishedVersionException", "Lambda.ServiceQuotaExceededException",
            "Lambda.InvalidZipFileException", "Lambda.ResourceNotFoundException",
            "Runtime.HandlerNotFound", "Runtime.ImportModuleError", "Runtime.OutOfMemory",
            "Runtime.UserCodeSyntaxError", "States.Permissions",
            # What is sent and answered.
            "Function.ResponseSizeTooLarge", "Lambda.InvalidParameterValueException",
            "Lambda.InvalidRequestContentException", "Lambda.RecursiveInvocationException",
            "Lambda.RequestTooLargeException", "Lambda.UnsupportedMediaTypeException",
            "Lambda.SerializedRequestEntityTooLargeException",
            "Runtime.MarshalError", "Runtime.UnmarshalError", "States.DataLimitExceeded",
            # The state machine's own definition.
            "States.BranchFailed", "States.IntrinsicFailure", "States.NoChoiceMatched",
            "States.ParameterPathFailure", "States.QueryEvaluationError",
            "States.ResultPathMatchFailure", "States.Runtime", "States.TaskFailed",
            # The Map: which slices failed is for ConcatenateParts to say.
            "States.ExceedToleratedFailureThreshold", "States.ItemReaderFailed",
            "States.ResultWriterFailed",
            # What this stack does not use: a VPC, file systems, SnapStart, KMS, durable functions,
            # heartbeats, HTTP tasks.
            "Lambda.DurableExecutionAlreadyStartedException", "Lambda.ENINotReadyException",
            "Lambda.ModeNotSupportedException", "Lambda.S3FilesMountConnectivityException",
            "Lambda.S3FilesMountFailureException", "Lambda.S3FilesMountTimeoutException",
            "Lambda.SnapStartRegenerationFailureException",
            "Lambda.EC2AccessDeniedException", "Lambda.EC2ThrottledException",
            "Lambda.EC2UnexpectedException", "Lambda.EFSIOException",
            "Lambda.EFSMountConnectivityException", "Lambda.EFSMountFailureException",
            "Lambda.EFSMountTimeoutException", "Lambda.ENILimitReachedException",
            "Lambda.InvalidSecurityGroupIDException", "Lambda.InvalidSubnetIDException",
            "Lambda.KMSAccessDeniedException", "Lambda.KMSDisabledException",
            "Lambda.KMSInvalidStateException", "Lambda.KMSNotFoundException",
            "Lambda.SnapStartException", "Lambda.SnapStartNotReadyException",
            "Lambda.SnapStartTimeoutException", "Lambda.SubnetIPAddressLimitReachedException",
            "States.HeartbeatTimeout", "States.Http.Socket",
        ),
        Retry.NEVER,
    ),
}  # fmt: skip
"""What Lambda and Step Functions report;
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html and
https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html."""
OWN: dict[str, Retry] = {StorageUnavailableError.__name__: Retry.SOON}
"""This package's errors that are tried again; all others would come again."""

NOT_RESUMED: tuple[type[AccidentalTransfersError], ...] = (
    OtherCodeError, OtherPlanError, OutputExistsError, UnknownRunError,
)  # fmt: skip
"""Errors after which to resume the run would end in the same one."""


@contextmanager
def naming_failures(service: str = "S3") -> Iterator[None]:
    """Give what botocore raises its name in this package; also a decorator.

    Parameters
    ----------
    service
        Who is asked.

    Raises
    ------
    StorageUnavailableError
        In place of timeouts, broken connections, throttling and the service's own failures.
    StorageRefusedError
        In place of everything else.
    """
    try:
        yield
    # A connection that breaks while a body is read may come through as urllib3's.
    except (BotoCoreError, ClientError, HTTPError) as error:
        raise named(error, service) from error


def named(error: Exception, service: str = "S3") -> EnvironmentFaultError:
    """Give the error of this package for one of botocore's or urllib3's."""
    if isinstance(error, ClientError):
        return _of_answer(error, service)
    if isinstance(error, HTTPError) or _of_class(type(error)) is StorageUnavailableError:
        return StorageUnavailableError(
            f"{service} was not reached: {type(error).__name__}: {error}"
        )
    return StorageRefusedError(f"{service} could not be asked: {type(error).__name__}: {error}")


def _of_answer(error: ClientError, service: str) -> EnvironmentFaultError:
    code = error.response.get("Error", {}).get("Code", "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in TRANSIENT_CODES or status == TOO_MANY_REQUESTS or status >= SERVER_ERROR:
        return StorageUnavailableError(f"{service} was busy: {error}")
    return StorageRefusedError(f"{service} refused a request: {error}")


def _of_class(raised: type) -> type[EnvironmentFaultError] | None:
    """Look a class up, by itself or by the nearest of its bases."""
    found = (OF_BOTOCORE.get(base.__name__) for base in raised.__mro__)
    return next(filter(None, found), None)
