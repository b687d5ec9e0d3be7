import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type Clock, dayMs, hourMs } from '../clock.ts';
import { carryOut, type Fault, type Faults, losesAnswer } from '../faults.ts';
import { runOf } from '../runtime/run-header.ts';
import type { ToldRenewalInfo } from './book.ts';
import { type Authorization, type Challenge, emptyBook, type Order } from './book.ts';
import { startCrlServer } from './crl-server.ts';
import { bindings, type ExternalAccounts } from './external-accounts.ts';
import { understand } from './front.ts';
import { type AcmeLedger, ledgerOf } from './ledger.ts';
import { type CaLimits, type Limiter, limiter } from './limits.ts';
import type { Reply } from './messages.ts';
import { misbehaviours } from './misbehaviour.ts';
import { nonces } from './nonces.ts';
import { AcmeRefusal, problem } from './problem.ts';
import type { Profiles } from './profiles.ts';
import type { World } from './resources.ts';
import { makeServerCertificate } from './server-certificate.ts';
import { validate } from './validation.ts';
import { createCertificateAuthority } from './x509.ts';

export type AcmeCaOptions = {
  readonly clock: Clock;
  readonly faults: Faults;
  /** Validation asks this DNS server, `127.0.0.1:PORT`. */
  readonly resolver: string;
  /** The port on which a name speaks HTTP, since nothing here may listen on port 80; port 80 by default. */
  readonly httpPort?: (name: string) => number;
  readonly validityMs?: number;
  readonly backdateMs?: number;
  /** The time from the answer to a challenge until its validation. */
  readonly validationMs?: number;
  /** The time from finalize until the certificate. */
  readonly finalizeMs?: number;
  /** Says whether a valid authorization serves later orders, as at Let's Encrypt; true by default. */
  readonly authzReuse?: boolean;
  /** Refuses this many of 100 good nonces. */
  readonly nonceRejectPercent?: number;
  readonly nonceSeed?: number;
  /** The profiles that an order may name; none by default. */
  readonly profiles?: Profiles;
  /** Says whether the CA has renewal information (RFC 9773), as Let's Encrypt has; true by default. */
  readonly renewalInfo?: boolean;
  /** Creates accounts only for these bindings. */
  readonly externalAccounts?: ExternalAccounts;
  /** Says whether certificates name a revocation list; false by default. */
  readonly revocationList?: boolean;
  /** How long a revocation list is valid; twelve hours by default. */
  readonly revocationListMs?: number;
  /** The number of chains that it offers besides its own choice. */
  readonly alternateRoots?: number;
  /** No limits by default. */
  readonly limits?: CaLimits;
};

export type AcmeCa = {
  readonly directoryUrl: string;
  /** Clients of the directory must trust this root. */
  readonly rootPem: string;
  /** The chains of issued certificates end at this root. */
  readonly issuanceRootPem: string;
  ledger(): AcmeLedger;
  /** Behaviour that RFC 8555 does not provide for. */
  readonly misbehaviour: Pick<ReturnType<typeof misbehaviours>, 'add' | 'clear'>;
  /** The number of orders that its limits have refused. */
  limitRefusals(): number;
  /** An order as the CA stores it, for tests to change. */
  orderAt(url: string): Order;
  /** Puts the certificate with that serial on the list, with a reason of RFC 5280 §5.3.1. */
  revoke(serial: string, reason: number): void;
  /** The serials of the certificates that are revoked. */
  revoked(): readonly string[];
  /** Answers this from now on when asked about the certificate with that serial. */
  tellRenewalInfo(serial: string, told: ToldRenewalInfo): void;
  close(): Promise<void>;
};

const throttledRetryAfterSeconds = 2;

/** An ACME CA (RFC 8555) on 127.0.0.1 that validates over the given DNS server. */
export async function startAcmeCa(options: AcmeCaOptions): Promise<AcmeCa> {
  const { clock, faults } = options;
  const authority = await createCertificateAuthority({
    name: 'Certkeep Local',
    now: clock.now(),
    alternateRoots: options.alternateRoots ?? 0,
  });
  const tls = await makeServerCertificate('Certkeep Local ACME Server');
  const nonceBook = nonces({
    rejectPercent: options.nonceRejectPercent ?? 0,
    seed: options.nonceSeed ?? 1,
  });
  const server = createServer({ key: tls.keyPem, cert: tls.certificatePem });
  // Clients mistake a connection closed by an idle timeout for a lost answer.
  server.keepAliveTimeout = 120_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const list = options.revocationList
    ? await startCrlServer(authority, clock, options.revocationListMs)
    : null;
  const book = emptyBook();
  const limits = limiter(book, options.limits ?? {}, clock);
  const validations = validationsAt(options, limits);
  const odd = misbehaviours();
  const revoked = new Set<string>();
  const world: World = {
    clock,
    book,
    limiter: limits,
    base: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    authority,
    validityMs: options.validityMs ?? 90 * dayMs,
    backdateMs: options.backdateMs ?? hourMs,
    finalizeMs: options.finalizeMs ?? 500,
    authzReuse: options.authzReuse ?? true,
    profiles: options.profiles ?? {},
    renewalInfo: options.renewalInfo ?? true,
    crlUrl: list?.url ?? null,
    revoke(serial, reason) {
      if (revoked.has(serial)) return false;
      revoked.add(serial);
      list?.revoke(serial, reason);
      return true;
    },
    bindings: options.externalAccounts ? bindings(options.externalAccounts) : null,
    startValidation: validations.start,
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let fault: Fault | null = null;
    let reply: Reply;
    try {
      const { operation, payload, carryOut: effect } = await understand(request, world, nonceBook);
      fault = faults.strike({
        service: 'acme',
        operation,
        caller: 'issue',
        region: null,
        run: runOf(request.headers),
        input: payload,
      });
      refuseByFault(fault);
      if (fault?.do === 'kill-before') return dropCaller();
      if (fault?.do === 'freeze') {
        await fault.thawed();
        if (request.socket.destroyed) return;
      }
      reply = await carryOut(fault, () => odd.replyTo({ operation, payload }, effect));
    } catch (error) {
      if (!(error instanceof AcmeRefusal)) throw error;
      reply = refusal(error);
    }
    if (fault?.do === 'kill-after') return dropCaller();
    if (losesAnswer(fault)) return void request.socket.destroy();
    send(response, reply, world.base, nonceBook.issue());

    function dropCaller() {
      faults.kill('issue', runOf(request.headers));
      request.socket.destroy();
    }
  }

  server.on('request', (request, response) => {
    answer(request, response).catch((error: Error) => {
      // A client that left in the middle of its request gets no answer.
      if (request.destroyed && !request.complete) return;
      process.emitWarning(error);
      send(
        response,
        refusal(new AcmeRefusal(problem('serverInternal', error.message))),
        world.base,
      );
    });
  });

  return {
    directoryUrl: `${world.base}/directory`,
    rootPem: tls.rootPem,
    issuanceRootPem: authority.rootPem,
    ledger: () => ledgerOf(world.book, clock.now()),
    misbehaviour: odd,
    limitRefusals: limits.refusals,
    orderAt(url) {
      const found = world.book.orders.get(url);
      if (!found) throw new Error(`no order at ${url}`);
      return found;
    },
    revoke(serial, reason) {
      if (!list) throw new Error('this CA publishes no revocations');
      world.revoke(serial, reason);
    },
    revoked: () => [...revoked],
    tellRenewalInfo(serial, told) {
      const orders = [...world.book.orders.values()];
      const found = orders.find(({ certificate }) => certificate?.serial === serial);
      if (!found?.certificate) throw new Error(`no certificate with serial ${serial}`);
      found.certificate.renewalInfo = told;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await Promise.all([closed, validations.stop(), list?.close()]);
    },
  };
}

function validationsAt(options: AcmeCaOptions, limits: Limiter) {
  const { clock, httpPort = () => 80, resolver, validationMs = 200 } = options;
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  const { signal } = stopping;
  const world = { clock, httpPort, resolver, validationMs, signal, limiter: limits };
  return {
    start(authorization: Authorization, challenge: Challenge): void {
      const validation = validate(authorization, challenge, world)
        .catch((error) => {
          if (!stopping.signal.aborted) throw error;
        })
        .finally(() => running.delete(validation));
      running.add(validation);
    },
    async stop(): Promise<void> {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

function refuseByFault(fault: Fault | null): void {
  if (fault?.do === 'refuse') {
    const status = fault.status === undefined ? {} : { status: fault.status };
    throw new AcmeRefusal(problem(fault.code, 'Refused on request', status));
  }
  if (fault?.do === 'throttle') {
    throw new AcmeRefusal(problem('rateLimited', 'Too many requests, on request'), {
      'retry-after': String(throttledRetryAfterSeconds),
    });
  }
}

function refusal(error: AcmeRefusal): Reply {
  return {
    status: error.problem.status,
    headers: { 'content-type': 'application/problem+json', ...error.headers },
    body: error.problem,
  };
}

function send(response: ServerResponse, reply: Reply, base: string, nonce?: string): void {
  const { link, ...headers } = reply.headers ?? {};
  const body = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
  response.writeHead(reply.status, {
    'content-type': 'application/json',
    'cache-control': 'public, max-age=0, no-cache',
    ...headers,
    link: [`<${base}/directory>;rel="index"`, ...(link ? [link] : [])],
    ...(nonce && { 'replay-nonce': nonce }),
  });
  response.end(body);
}
