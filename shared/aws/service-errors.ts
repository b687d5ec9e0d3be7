import { CertkeepError, type ErrorName, errorMessage, errorName } from '#shared/errors.ts';
import type { Stage } from '#shared/stage.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';

export type Service = {
  /** The name for people: `ELB`. */
  readonly service: string;
  /** The stage that owns the service's errors. */
  readonly stage: Stage;
  /** Maps the service's error names to ours, or to `as-is` for errors that the caller handles itself. */
  readonly known?: Readonly<Record<string, ErrorName | 'as-is'>>;
};

/**
 * Wraps calls of one service so that their errors have our names: those given, and otherwise the name of their class. An
 * error that is no answer of the service, such as the end of our own run, is thrown unchanged.
 * @throws CertkeepError ServiceThrottled, ServiceDenied, ServiceRefused, ServiceFailed, and the names given
 */
export function serviceCalls(service: Service) {
  return async <T>(operation: string, resource: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (cause) {
      throw serviceError(service, `${operation} ${resource}`, cause);
    }
  };
}

/** Translates an error; `what` names the operation and the resource. */
export function serviceError({ service, stage, known }: Service, what: string, cause: unknown) {
  // When our own deadline ended the call, its outcome is unknown.
  if (cause instanceof CertkeepError || deadlineSignal()?.aborted) return cause;
  const message = `${service}: ${what}: ${wordsOf(cause)}`;
  const exact = known?.[errorName(cause)];
  if (exact === 'as-is') return cause;
  if (exact) return new CertkeepError(exact, message, { cause });
  const name = classOf(cause);
  return name ? new CertkeepError(name, message, { cause, stage }) : cause;
}

/** This many characters of the service's own text are kept. */
const longestText = 500;

function wordsOf(cause: unknown): string {
  const text = errorMessage(cause).slice(0, longestText);
  return text.startsWith(errorName(cause)) ? text : `${errorName(cause)}: ${text}`;
}

/**
 * Names differ with a service's protocol and age: elb-api-throttling.html, the errors common to all services
 * (https://docs.aws.amazon.com/general/latest/gr/CommonErrors.html), and the SDK's own list of throttling errors.
 */
const classes = {
  ServiceThrottled: [
    'DependencyThrottle',
    'DependencyThrottleException',
    'RequestLimitExceeded',
    'RequestThrottled',
    'RequestThrottledException',
    'SlowDown',
    'ThrottledException',
    'Throttling',
    'ThrottlingException',
    'TooManyRequestsException',
  ],
  ServiceDenied: [
    'AccessDenied',
    'AccessDeniedException',
    'AuthFailure',
    'ExpiredToken',
    'ExpiredTokenException',
    'InvalidClientTokenId',
    'NotAuthorized',
    'OptInRequired',
    'UnauthorizedOperation',
    'UnrecognizedClientException',
  ],
  ServiceFailed: [
    'InternalError',
    'InternalFailure',
    'InternalServerError',
    'InternalServerException',
    'InternalServiceError',
    'InternalServiceException',
    'RequestTimeout',
    'RequestTimeoutException',
    'ServiceUnavailable',
    'ServiceUnavailableException',
    'TimeoutError',
  ],
} as const satisfies Partial<Readonly<Record<ErrorName, readonly string[]>>>;

/** Null for an error that is not the SDK's. */
function classOf(cause: unknown): ErrorName | null {
  const { $metadata } = (cause ?? {}) as SdkError;
  for (const [name, ofClass] of Object.entries(classes)) {
    if (ofClass.some((each) => each === errorName(cause))) return name as keyof typeof classes;
  }
  // The SDK sets $metadata also where no answer came, to count its tries.
  return $metadata ? classOfStatus($metadata.httpStatusCode ?? 0) : null;
}

function classOfStatus(status: number): ErrorName {
  if (status === 429) return 'ServiceThrottled';
  if (status === 401 || status === 403) return 'ServiceDenied';
  return status >= 400 && status < 500 ? 'ServiceRefused' : 'ServiceFailed';
}

type SdkError = { readonly $metadata?: { readonly httpStatusCode?: number } };
