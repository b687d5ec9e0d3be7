import { oneLine } from '#shared/text/plain-text.ts';
import { CommandFailed } from '../../failure.ts';
import type { ReachOptions } from '../../reach/options.ts';
import { reach } from '../../reach/reach.ts';
import { fleetStatus } from '../../see/status/read-status.ts';
import type { Terminal } from '../../terminal.ts';
import { safeJson } from '../../text/safe-json.ts';
import { wrapped } from '../../text/width.ts';
import type { Person } from '../person.ts';
import { assertGoesOn, reasonFrom } from '../questions.ts';
import { ownCommand, reachWords } from '../wish/own-command.ts';
import { actionLines } from '../wish/pages.ts';
import { sender } from '../wish/send.ts';
import { type Discovered, discoveredPage, longest } from './page.ts';

export type ApproveOptions = ReachOptions & {
  /** The resource; all are listed without it. */
  readonly arn?: string;
  readonly certificate?: string;
  readonly withdraw: boolean;
  readonly reason?: string;
  readonly json: boolean;
};

type Here = { readonly person: Person; readonly terminal: Terminal };

/**
 * Lists what carries the tag of a certificate, or decides about one of them. Returns the exit code: 1 where something waits.
 * @throws CommandFailed
 */
export async function approve(options: ApproveOptions, here: Here): Promise<number> {
  const { arn, json } = options;
  const reached = await reach(options);
  const { discovered = null } = await fleetStatus(reached);
  if (discovered === null) throw isOff(options);
  if (arn !== undefined) {
    return decide({ ...options, arn }, here, { discovered, location: reached.location });
  }
  const { terminal } = here;
  if (json) terminal.print(safeJson(discovered));
  else for (const line of discoveredPage(discovered, terminal.width())) terminal.print(line);
  return discovered.some(({ state }) => state === 'waiting' || state === 'changed') ? 1 : 0;
}

function isOff(options: ReachOptions): CommandFailed {
  const list = ['npx certkeep approve', ...reachWords(options)].join(' ');
  return new CommandFailed(
    'the configuration looks for no tags (discovery), or no check has run since it does',
    list,
  );
}

async function decide(
  options: ApproveOptions & { readonly arn: string },
  { person, terminal }: Here,
  {
    discovered,
    location,
  }: {
    readonly discovered: readonly Discovered[];
    readonly location: Parameters<typeof sender>[0];
  },
): Promise<number> {
  const { arn, withdraw } = options;
  const seen = discovered.find((each) => each.arn === arn);
  if (!seen) {
    const list = ['npx certkeep approve', ...reachWords(options)].join(' ');
    throw new CommandFailed('Nothing was done: no such ARN was found with the tag', list);
  }
  const certificate = options.certificate ?? seen.certificate;
  const wanted = {
    wish: withdraw ? 'withdraw' : 'approve',
    certificates: [certificate],
    resource: arn,
  } as const;
  const again = (reason: string) => ownCommand({ ...wanted, reason }, options);
  const reason = await reasonFrom(options.reason, person, again);
  if (!withdraw && options.certificate === undefined) {
    await confirmed(seen, { person, terminal }, again(reason));
  }
  const send = await sender(location, options);
  const lines = await send({ ...wanted, reason });
  const said = withdraw
    ? 'certkeep leaves it as it is from now on.'
    : 'It is approved, and bound now: npx certkeep show says when it serves the certificate.';
  const width = terminal.width();
  for (const line of [...wrapped(said, width), ...actionLines(lines, width)]) terminal.print(line);
  return 0;
}

/** Whoever may tag it has chosen the certificate: a person says that it is the right one. */
async function confirmed(
  seen: Discovered,
  { person, terminal }: Here,
  again: string,
): Promise<void> {
  if (!person.isThere) {
    throw new CommandFailed('Nothing was done: --certificate is missing', again);
  }
  const { certificate, place, position = 'sni' } = seen;
  const asked = `${oneLine(certificate, longest.id)} (${oneLine(position, longest.id)})`;
  terminal.print(`It is in ${oneLine(place, longest.id)}, and asks for ${asked}.`);
  await assertGoesOn(person, again);
}
