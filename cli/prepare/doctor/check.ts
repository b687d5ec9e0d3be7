import type { ClientOptions } from '#shared/aws/clients.ts';
import type { Config } from '#shared/config/config.ts';
import type { DnsClient } from '#shared/dns/dns-client.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import type { Place } from '#shared/place.ts';
import type { HttpGet } from '#shared/solvers/alb-http01/self-check.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { Caller } from '../../aws/callers.ts';

/** From the worst to the best. */
export const marks = ['wrong', 'not known', 'warning', 'ok'] as const;

export type Mark = (typeof marks)[number];

export type Finding = {
  readonly mark: Mark;
  readonly text: string;
  /** What to do, in words, where the command alone does not say it. */
  readonly say?: string;
  /** The command that mends it, or shows more of it. */
  readonly command?: string;
};

/** One thing to find out. What it throws makes it `not known`, and stops nothing else. */
export type Question = {
  readonly about: string;
  ask(): Promise<readonly Finding[]>;
  /** The account that it asks. */
  readonly account?: string;
  /** The command that answers it, for somebody with the rights. */
  readonly instead?: string;
};

export type Check = {
  readonly title: string;
  /** The rights that its questions need; docs/operate.md lists those of all checks (a test ties them). */
  readonly rights: readonly string[];
  questions(subject: Subject): readonly Question[];
};

/** What the checks look at, and with whose eyes. */
export type Subject = {
  readonly config: Config;
  /** The file, for commands. */
  readonly file: string;
  readonly caller: Caller;
  optionsIn(place: Place): ClientOptions;
  readonly dns: DnsClient;
  readonly clock: Clock;
  readonly get: HttpGet;
  /** What the directory of a CA says of it; each is read once. */
  aboutIssuer(issuer: IssuerConfig): Promise<AboutCa>;
  /** A local cloud, in which other ports represent 80. */
  readonly isLocal: boolean;
};

export type AboutCa = {
  readonly caaIdentities: readonly string[];
  readonly profiles: readonly string[];
  readonly needsExternalAccount: boolean;
};

export function ok(text: string): Finding {
  return { mark: 'ok', text };
}
