import type { NamedCall } from './calls.ts';
import type { Case } from './strike.ts';

/** A fault that once broke something. It is always played again, alone and with the same seed. */
export type FormerFailure = {
  /** The call by function, subject, service and operation, without the number of the run. */
  readonly call: string;
  /** The number of the call among these. */
  readonly nth: number;
  readonly fault: string;
  readonly seed: number;
  /** The damage that it did. */
  readonly what: string;
};

/** `npm run faults -- --sample 600` prints such a line for each failure that it finds. */
export const formerFailures: readonly FormerFailure[] = [
  {
    call: 'inherited challenge() s3 GetObject certkeep-*-us-east-1 challenges/http-01/*',
    nth: 8,
    fault: 'freeze',
    seed: 1,
    what: 'Thawed after the value was taken away, the function was told 403 instead of 404, as is meant.',
  },
  {
    call: 'fleet deploy(api) acm DeleteCertificate',
    nth: 1,
    fault: 'lose-answer',
    seed: 457587,
    what: 'The repeated deletion was denied, as what is gone has no tags, and tried again an hour later.',
  },
  {
    call: 'fleet issue(shop) acme directory',
    nth: 1,
    fault: 'lose-answer',
    seed: 621826,
    what: 'A directory whose answer was lost was told as a failed renewal.',
  },
  {
    call: 'fleet issue(shop) acme newOrder',
    nth: 1,
    fault: 'lose-answer',
    seed: 621826,
    what: 'That an order may have been made without an answer was told, which was taken for a violation.',
  },
  {
    call: 'fleet deploy(blog) acm ImportCertificate',
    nth: 1,
    fault: 'twice',
    seed: 1,
    what: 'A first import that was carried out twice left a certificate that nobody knew of.',
  },
  {
    call: 'inherited deploy(desk) acm RemoveTagsFromCertificate',
    nth: 1,
    fault: 'lose-answers',
    seed: 1,
    what: 'The repeated removal of our tag was denied, as the tag was gone, and told as not removed.',
  },
  {
    call: 'inherited deploy(store) iam DeleteServerCertificate',
    nth: 1,
    fault: 'kill-after',
    seed: 1,
    what: 'The next run read what was gone, which IAM denied, as what is gone has no path.',
  },
];

export type Recalled = {
  readonly cases: readonly Case[];
  /** Advice about failures whose call does not come any more. */
  readonly complaints: readonly string[];
};

/** Returns the former failures of the settings that are played, among the calls that come now. */
export function recalled(
  calls: readonly NamedCall[],
  failures: readonly FormerFailure[] = formerFailures,
): Recalled {
  const settings = new Set(calls.map(({ setting }) => setting));
  const here = failures.filter(({ call }) => settings.has(call.split(' ')[0] ?? ''));
  const found = here.map((failure) => ({
    failure,
    call: calls.find(({ about, nth }) => about === failure.call && nth === failure.nth),
  }));
  return {
    cases: found.flatMap(({ failure: { fault, seed }, call }) =>
      call ? [{ setting: call.setting, seed, strikes: [{ call, fault }] }] : [],
    ),
    complaints: found
      .filter(({ call }) => !call)
      .map(
        ({ failure: { call, nth, fault } }) =>
          `${fault} at ${call} (${nth}) is a former failure, and its call does not come any more: give its line in test/faults/former-failures.ts the name of the call that does this now (npm run faults -- --count --names), or take the line out if nothing does.`,
      ),
  };
}

/** Returns the line for a fault that has just broken something. */
export function lineOf({ seed, strikes }: Case): string {
  const [strike] = strikes;
  if (!strike || strikes.length > 1) return '';
  const { about: call, nth } = strike.call;
  return JSON.stringify({ call, nth, fault: strike.fault, seed, what: '' });
}
