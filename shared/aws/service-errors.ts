import { CertkeepError, type ErrorName, errorMessage, errorName } from '#shared/errors.ts';
import type { Stage } from '#shared/stage.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';

export type Service = {
  /** For people: `ELB`. */
  readonly service: string;
  /** What its trouble is counted to. */
  readonly stage: Stage;
  /** By the service's own name of an error: ours, or `as-is` for what the caller itself goes by. */
  readonly known?: Readonly<Record<string, ErrorName | 'as-is'>>;
};

/**
 * Makes calls of one service whose errors have our names: those given, and of every other one its class.
 * What is no answer of the service, such as the end of our own run, is thrown as it is.
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

/** The error as it is to be thrown; `what` names operation and resource. */
export function serviceError({ service, stage, known }: Service, what: string, cause: unknown) {
  // Of a call that our own deadline ended nothing is known.
  if (cause instanceof CertkeepError || deadlineSignal()?.aborted) return cause;
  const message = `${service}: ${what}: ${wordsOf(cause)}`;
  const exact = known?.[errorName(cause)];
  if (exact === 'as-is') return cause;
  if (exact) return new CertkeepError(exact, message, { cause });
  const name = classOf(cause);
  return name ? new CertkeepError(name, message, { cause, stage }) : cause;
}

/** Characters of the service's own text that are kept. */
const longestText = 500;

function wordsOf(cause: unknown): string {
  const text = errorMessage(cause).slice(0, longestText);
  return text.startsWith(errorName(cause)) ? text : `${errorName(cause)}: ${text}`;
}

/**
 * Names differ by protocol and age of a service: elb-api-throttling.html, the errors common to all services
 * (https://docs.aws.amazon.com/general/latest/gr/CommonErrors.html), and what the SDK itself takes for throttling.
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

/** Null for what is no error of the SDK. */
function classOf(cause: unknown): ErrorName | null {
  const { $metadata } = (cause ?? {}) as SdkError;
  for (const [name, ofClass] of Object.entries(classes)) {
    if (ofClass.some((each) => each === errorName(cause))) return name as keyof typeof classes;
  }
  // The SDK counts its tries there also where no answer came.
  return $metadata ? classOfStatus($metadata.httpStatusCode ?? 0) : null;
}

function classOfStatus(status: number): ErrorName {
  if (status === 429) return 'ServiceThrottled';
  if (status === 401 || status === 403) return 'ServiceDenied';
  return status >= 400 && status < 500 ? 'ServiceRefused' : 'ServiceFailed';
}

type SdkError = { readonly $metadata?: { readonly httpStatusCode?: number } };
