import type { Config } from '#shared/config/config.ts';
import { inBatches } from '#shared/each.ts';
import { errorMessage } from '#shared/errors.ts';
import { readDirectory } from '#shared/issuers/acme/wire/read-directory.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import type { Status } from '#shared/status/status-schema.ts';
import { nearest } from '#shared/text/suggest.ts';
import { systemClock } from '#shared/time/clock.ts';
import { CommandFailed, noteText } from '../../failure.ts';
import { provenNames } from '../../prepare/doctor/names.ts';
import { deployedConfig } from '../../reach/deployed-config.ts';
import type { ReachOptions } from '../../reach/options.ts';
import { type Reached, reach } from '../../reach/reach.ts';
import { readRecord } from '../../record/read-record.ts';
import type { Terminal } from '../../terminal.ts';
import { safeJson } from '../../text/safe-json.ts';
import { fleetStatus } from '../status/read-status.ts';
import {
  type Account,
  accountsIn,
  accountUrlIn,
  type SeenAccount,
  witnessesOf,
} from './accounts.ts';
import { caaRecords } from './caa-records.ts';
import { accountPage } from './page.ts';

export type AccountOptions = ReachOptions & {
  /** All, where none is named. */
  readonly issuers: readonly string[];
  readonly json: boolean;
};

/** Prints the accounts at the CAs and the CAA records for them. Returns the exit code. */
export async function account(options: AccountOptions, terminal: Terminal): Promise<0> {
  const reached = await reach(options);
  const { location } = reached;
  const config = await deployedConfig(location);
  if (config === null) {
    const { account: number, installation, region } = location;
    throw new CommandFailed(
      `nothing is deployed as ${installation} in ${number}/${region}`,
      'npx certkeep status --region REGION --account ACCOUNT --installation NAME',
    );
  }
  assertKnown(options.issuers, config);
  const status = await fleetStatus(reached);
  // The records for a name also allow the issuers that nobody asked about.
  const all = await inBatches(accountsIn(config), accountsAtOnce, (each) =>
    seen(each, { config, reached, status, terminal }),
  );
  const { issuers } = options;
  const isAsked = (names: readonly string[]) =>
    issuers.length === 0 || names.some((name) => issuers.includes(name));
  const names = provenNames(config);
  const domains = new Set(
    names.filter((each) => isAsked(each.issuers)).map(({ domain }) => domain),
  );
  const found = {
    accounts: all.filter((each) => isAsked(each.issuers)),
    caa: caaRecords(
      names.filter(({ domain }) => domains.has(domain)),
      (issuer) => {
        const of = all.find((each) => each.issuers.includes(issuer));
        return of ? { ...of, accountUrl: of.url, identity: of.caaIdentity } : null;
      },
    ),
  };
  const look = { width: terminal.width(), paint: terminal.paint };
  terminal.print(
    options.json ? safeJson({ schemaVersion: 1, ...found }) : accountPage(found, look).join('\n'),
  );
  return 0;
}

const accountsAtOnce = 4;

function assertKnown(wanted: readonly string[], { issuers }: Config): void {
  const known = Object.keys(issuers);
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const meant = nearest(unknown, known);
  throw new CommandFailed(
    `the configuration has no issuer "${unknown}" (${meant ? `did you mean "${meant}"?` : `it has ${known.join(', ')}`})`,
    meant ? `npx certkeep account ${meant}` : 'npx certkeep account',
  );
}

type Ports = {
  readonly config: Config;
  readonly reached: Reached;
  readonly status: Status;
  readonly terminal: Terminal;
};

async function seen(each: Account, ports: Ports): Promise<SeenAccount> {
  const [url, caaIdentity] = await Promise.all([
    accountUrlOf(each, ports),
    caaIdentityOf(each, ports),
  ]);
  return { ...each, url, caaIdentity };
}

/** So many records are read at once, and so many at most. */
const witnessesAtOnce = 5;
const mostWitnesses = 25;

async function accountUrlOf(each: Account, ports: Ports): Promise<string | null> {
  const { config, reached, status, terminal } = ports;
  const ids = witnessesOf(each, status).slice(0, mostWitnesses);
  for (let first = 0; first < ids.length; first += witnessesAtOnce) {
    const some = ids.slice(first, first + witnessesAtOnce);
    const read = await inBatches(some, witnessesAtOnce, (id) => recordOf(id, reached, terminal));
    const url = accountUrlIn(
      each,
      read.filter((record) => record !== null),
      config,
    );
    if (url !== null) return url;
  }
  return null;
}

async function recordOf(
  id: string,
  { objects }: Reached,
  terminal: Terminal,
): Promise<CertificateRecord | null> {
  try {
    return await readRecord({ objects, clock: systemClock, terminal }, id);
  } catch (error) {
    if (error instanceof CommandFailed) throw error;
    terminal.complain(noteText(`the record of ${id} cannot be read: ${errorMessage(error)}`));
    return null;
  }
}

async function caaIdentityOf(
  { issuers }: Account,
  { config, terminal }: Ports,
): Promise<string | null> {
  const [first = ''] = issuers;
  const issuer = config.issuers[first];
  if (!issuer) return null;
  try {
    const { meta } = await readDirectory(issuer, systemClock);
    return meta?.caaIdentities?.[0] ?? null;
  } catch (error) {
    const why = errorMessage(error);
    terminal.complain(noteText(`the CAA records of ${first} are not known: ${why}`));
    return null;
  }
}
