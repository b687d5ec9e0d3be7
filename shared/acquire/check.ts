import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { eachOf } from '#shared/each.ts';
import { CertkeepError, errorMessage, errorName } from '#shared/errors.ts';
import type { Invocation } from '#shared/invocation.ts';
import { flushOutbox } from '#shared/ledger/outbox.ts';
import { emptyRecord } from '#shared/ledger/record.ts';
import type { Log } from '#shared/log.ts';
import { type CheckLine, type DuePorts, sendDue, sendIssue, sendRetirements } from './send-due.ts';
import { type TellPorts, tell } from './tell.ts';
import { type Wish, withWish } from './wish.ts';

export type CheckPorts = DuePorts & TellPorts & { readonly log: Log };

/** The schedule asks for everything; a person names certificates, what is to happen to them, and why. */
export type CheckRequest =
  | { readonly certificates?: undefined }
  | {
      readonly certificates: readonly string[];
      readonly force?: true | undefined;
      readonly retry?: true | undefined;
      readonly reason: string;
    };

/** S3 answers in tens of milliseconds: thousands of records take seconds. */
const sideBySide = { concurrency: 32, failure: 'certificates could not be checked' };

/**
 * Looks at every certificate's record and sends the work that is due. Believes nothing but the ledger,
 * so any number of runs side by side do no harm: whoever takes the work decides again under its lease.
 * @throws CertkeepError CertificateUnknown; AggregateError of what went wrong, after looking at all
 */
export async function check(
  ports: CheckPorts,
  request: CheckRequest,
  invocation: Pick<Invocation, 'id'>,
): Promise<readonly CheckLine[]> {
  const wanted = wantedCertificates(ports.config, request);
  const wish = wishOf(request, invocation);
  const lines: CheckLine[] = [];
  await eachOf(wanted, sideBySide, (certificate) =>
    logged(ports.log, certificate.id, async () => {
      lines.push(await checkOne(ports, certificate, wish));
    }),
  );
  if (!wish) await checkForgotten(ports);
  return lines;
}

function wantedCertificates(config: Config, request: CheckRequest): readonly CertificateConfig[] {
  if (!request.certificates) return config.certificates;
  const { certificates } = request;
  const known = config.certificates.filter(({ id }) => certificates.includes(id));
  const unknown = certificates.filter((id) => !known.some((certificate) => certificate.id === id));
  if (unknown.length === 0) return known;
  throw new CertkeepError(
    'CertificateUnknown',
    `${unknown.join(', ')} is not in the configuration`,
  );
}

function wishOf(request: CheckRequest, { id }: Pick<Invocation, 'id'>): Wish | null {
  if (!request.certificates) return null;
  const { reason, force } = request;
  return { kind: force ? 'force' : 'retry', reason, runId: id };
}

async function checkOne(
  ports: CheckPorts,
  certificate: CertificateConfig,
  wish: Wish | null,
): Promise<CheckLine> {
  const { clock, ledger, log } = ports;
  const { id } = certificate;
  const record = wish
    ? await ledger.update(id, (current) => withWish(current, wish, clock.now()))
    : ((await ledger.read(id)) ?? emptyRecord(id, clock.now()));
  // A queue that takes nothing must not keep people from being told, nor the other way round.
  const [sent, told] = await Promise.allSettled([
    sendDue(ports, certificate, record, wish?.kind === 'retry'),
    tell(ports, certificate, record),
  ]);
  if (sent.status === 'rejected' && told.status === 'rejected') {
    const both = [sent.reason, told.reason];
    throw new AggregateError(both, both.map(errorMessage).join('; '));
  }
  if (told.status === 'rejected') throw told.reason;
  if (sent.status === 'rejected') throw sent.reason;
  const { action, reason } = sent.value;
  if (action !== 'none') {
    log.info('checked', { stage: 'check', certificate: id, outcome: action, reason });
  }
  return sent.value;
}

/** What left the configuration is not renewed any more, but nothing of it stays published, untold or in a retired place. */
async function checkForgotten(ports: CheckPorts): Promise<void> {
  const configured = new Set(ports.config.certificates.map(({ id }) => id));
  const forgotten = (await ports.ledger.ids()).filter((id) => !configured.has(id));
  await eachOf(forgotten, sideBySide, (id) =>
    logged(ports.log, id, async () => {
      const record = await ports.ledger.read(id);
      if (record && record.outbox.length > 0) await flushOutbox(ports, id);
      if (record && (record.txt.length > 0 || record.attempt)) await sendIssue(ports, record);
      if (record) await sendRetirements(ports, record);
    }),
  );
}

async function logged(log: Log, certificate: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const fields = { outcome: errorName(error), reason: errorMessage(error) };
    log.error('certificate not checked', { stage: 'check', certificate, ...fields });
    throw error;
  }
}
