import { describe, expect, test } from 'vitest';
import { serviceCalls, serviceError } from '#shared/aws/service-errors.ts';
import { CertkeepError } from '#shared/errors.ts';
import { withinDeadline } from '#shared/time/deadline.ts';

const elb = { service: 'ELB', stage: 'rebind' } as const;
const listener = 'arn:aws:elasticloadbalancing:us-east-1:000000000000:listener/app/shop/1/2';

/** As the SDK throws it: a name, and how the call went; no status where no answer came. */
function sdkError(name: string, httpStatusCode?: number, message = 'no'): Error {
  const $metadata = { attempts: 3, ...(httpStatusCode !== undefined && { httpStatusCode }) };
  return Object.assign(new Error(message), { name, $metadata });
}

describe('the class of an error', () => {
  test.each([
    ['a throttled call of ELB', sdkError('Throttling', 400), 'ServiceThrottled'],
    ['a throttled call of ACM', sdkError('ThrottlingException', 400), 'ServiceThrottled'],
    ['a status that says throttling', sdkError('Unknown', 429), 'ServiceThrottled'],
    ['a denied call of ELB', sdkError('AccessDenied', 403), 'ServiceDenied'],
    ['a denied call of a JSON service', sdkError('AccessDeniedException', 400), 'ServiceDenied'],
    ['a signature that is not taken', sdkError('SignatureDoesNotMatch', 403), 'ServiceDenied'],
    ['a validation error', sdkError('ValidationError', 400), 'ServiceRefused'],
    ['an error that nobody knows', sdkError('SomethingNewException', 409), 'ServiceRefused'],
    ['an internal failure', sdkError('InternalFailure', 500), 'ServiceFailed'],
    ['an unavailable service', sdkError('Unknown', 503), 'ServiceFailed'],
    ['an answer that cannot be read', sdkError('SyntaxError', 200), 'ServiceFailed'],
    ['a connection that broke', sdkError('ECONNRESET'), 'ServiceFailed'],
    ['a call that timed out', sdkError('TimeoutError'), 'ServiceFailed'],
  ])('%s', (_, cause, name) => {
    expect(serviceError(elb, `ModifyListener ${listener}`, cause)).toMatchObject({ name, cause });
  });
});

test('the message says service, operation, resource and the words of AWS, within bounds', async () => {
  const cause = sdkError('AccessDenied', 403, `User: deploy is not authorized. ${'x'.repeat(999)}`);
  const denied = serviceCalls(elb)('ModifyListener', listener, () => Promise.reject(cause));
  const error = await denied.catch((thrown: CertkeepError) => thrown);
  const { message, stage } = error as CertkeepError;
  expect(message).toContain(`ELB: ModifyListener ${listener}: AccessDenied: User: deploy is not`);
  expect(message.length).toBeLessThan(700);
  expect(stage).toBe('rebind');
});

test('a more exact name is kept, with the stage of its own', () => {
  const known = {
    TooManyCertificates: 'KeyStoreUnreadable',
    CertificateNotFound: 'as-is',
  } as const;
  const exact = serviceError({ ...elb, known }, 'x', sdkError('TooManyCertificates', 400));
  expect(exact).toMatchObject({ name: 'KeyStoreUnreadable', stage: 'store' });
  const left = sdkError('CertificateNotFound', 400);
  expect(serviceError({ ...elb, known }, 'x', left)).toBe(left);
});

test('an error with a name of ours, or not from a service, is thrown unchanged', () => {
  const errors = [new CertkeepError('PlaceNotReachable', 'no'), new TypeError('a fault of ours')];
  for (const error of errors) expect(serviceError(elb, 'x', error)).toBe(error);
});

test('a call that our own deadline has ended is no failure of the service', async () => {
  const aborted = sdkError('AbortError');
  const call = () => serviceCalls(elb)('ModifyListener', listener, () => Promise.reject(aborted));
  await expect(withinDeadline(AbortSignal.abort(), call)).rejects.toBe(aborted);
});
