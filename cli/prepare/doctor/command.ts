import { remembering } from '#shared/dns/dns-client.ts';
import { nodeDnsClient } from '#shared/dns/node-dns-client.ts';
import { readDirectory } from '#shared/issuers/acme/wire/read-directory.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import { httpGet } from '#shared/solvers/alb-http01/http-get.ts';
import { systemClock } from '#shared/time/clock.ts';
import { awsAsCaller } from '../../aws/callers.ts';
import { surroundingsOf } from '../../aws/connection.ts';
import { readConfigFile } from '../../reach/read-config.ts';
import type { Terminal } from '../../terminal.ts';
import { safeJson } from '../../text/safe-json.ts';
import type { AboutCa, Subject } from './check.ts';
import { checks } from './checks.ts';
import { examine } from './examine.ts';
import { nextCommand } from './next-command.ts';
import { doctorPage, exitCodeOf } from './page.ts';
import { progressOn } from './progress.ts';
import { hasStandIn } from './stand-in.ts';

export type DoctorOptions = {
  readonly config?: string;
  readonly local?: true;
  readonly resolver?: string;
  readonly all: boolean;
  readonly json: boolean;
};

/** Asks everything that a deployment needs, changes nothing, and returns the exit code. */
export async function doctor(options: DoctorOptions, terminal: Terminal): Promise<0 | 1> {
  const { connection, file, isLocal, isPlayed, resolver } = surroundingsOf(options);
  const config = readConfigFile(file);
  const clock = systemClock;
  const aws = await awsAsCaller({ clock, connection, region: config.home.region });
  const subject: Subject = {
    ...aws,
    config,
    file,
    clock,
    isLocal,
    dns: remembering(nodeDnsClient({ resolver })),
    get: httpGet,
    aboutIssuer: issuersRead((issuer) =>
      hasStandIn(issuer, isLocal) ? Promise.resolve(aboutStandIn) : lookAtIssuer(issuer),
    ),
  };
  const progress = progressOn(terminal);
  const examined = await examine(checks, subject, progress.tell);
  progress.end();
  const { paint } = terminal;
  const next = nextCommand({ file, isLocal, isPlayed });
  const look = { width: terminal.width(), paint, all: options.all, next };
  terminal.print(options.json ? safeJson(asJson(subject, examined)) : pageOf());
  return exitCodeOf(examined);

  function pageOf(): string {
    return doctorPage(examined, look).join('\n');
  }
}

export async function lookAtIssuer(issuer: IssuerConfig): Promise<AboutCa> {
  const { meta } = await readDirectory(issuer, systemClock);
  return {
    caaIdentities: meta?.caaIdentities ?? [],
    profiles: Object.keys(meta?.profiles ?? {}),
    needsExternalAccount: meta?.externalAccountRequired === true,
  };
}

/** The local CA, which takes every account and asks for no CAA record. */
const aboutStandIn: AboutCa = { caaIdentities: [], profiles: [], needsExternalAccount: false };

/** Reads each once, however many names it is asked for. */
export function issuersRead(
  read: (issuer: IssuerConfig) => Promise<AboutCa>,
): (issuer: IssuerConfig) => Promise<AboutCa> {
  const known = new Map<IssuerConfig, Promise<AboutCa>>();
  return (issuer) => {
    const found = known.get(issuer) ?? read(issuer);
    known.set(issuer, found);
    return found;
  };
}

function asJson({ caller, config, file }: Subject, examined: Awaited<ReturnType<typeof examine>>) {
  return {
    schemaVersion: 1,
    file,
    installation: { name: config.installation, ...config.home },
    caller,
    checks: examined,
  };
}
