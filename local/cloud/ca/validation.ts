import { createHash } from 'node:crypto';
import { Resolver } from 'node:dns/promises';
import { addMs, type Clock } from '../clock.ts';
import { type Authorization, type Challenge, validAuthorizationLifeMs } from './book.ts';
import { httpFailure } from './http-validation.ts';
import type { Limiter } from './limits.ts';
import { type Problem, problem } from './problem.ts';

const answerTimeoutMs = 2_000;

/** Decides a challenge that is `processing`, once and for good. */
export async function validate(
  authorization: Authorization,
  challenge: Challenge,
  world: {
    readonly clock: Clock;
    readonly resolver: string;
    /** The port that replaces port 80 at a name. */
    readonly httpPort: (name: string) => number;
    readonly signal: AbortSignal;
    readonly validationMs: number;
    readonly limiter: Limiter;
  },
): Promise<void> {
  await world.clock.sleep(world.validationMs, world.signal);
  const error = await failure(authorization, challenge, world);
  challenge.error = error;
  challenge.status = error ? 'invalid' : 'valid';
  if (!error) challenge.validatedAt = world.clock.now();
  if (error) world.limiter.failed(authorization.account, authorization.name);
  if (authorization.decision !== 'pending') return;
  authorization.decision = error ? 'invalid' : 'valid';
  if (!error) authorization.expires = addMs(world.clock.now(), validAuthorizationLifeMs);
}

async function failure(
  authorization: Authorization,
  challenge: Challenge,
  world: Parameters<typeof validate>[2],
): Promise<Problem | null> {
  if (challenge.type === 'http-01') return httpFailure(authorization, challenge, world);
  if (challenge.type !== 'dns-01') {
    return problem(
      'connection',
      `${authorization.name}: Fetching the ${challenge.type} response: Connection refused`,
    );
  }
  const name = `_acme-challenge.${authorization.name}`;
  const keyAuthorization = `${challenge.token}.${authorization.account.thumbprint}`;
  const expected = createHash('sha256').update(keyAuthorization).digest('base64url');
  const found = await txtAt(name, world.resolver);
  if (!Array.isArray(found)) return found;
  if (found.includes(expected)) return null;
  const [first, ...more] = found;
  if (first === undefined) return problem('unauthorized', `No TXT record found at ${name}`);
  const others = more.length > 0 ? ` (and ${more.length} more)` : '';
  return problem('unauthorized', `Incorrect TXT record "${first}"${others} found at ${name}`);
}

/** The DNS server itself follows CNAMEs. Each call creates a resolver, since resolvers cache answers. */
async function txtAt(name: string, server: string): Promise<string[] | Problem> {
  const resolver = new Resolver({ timeout: answerTimeoutMs, tries: 2 });
  resolver.setServers([server]);
  try {
    const records = await resolver.resolveTxt(name);
    return records.map((strings) => strings.join(''));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENODATA') return [];
    return problem('dns', dnsDetail(code, name));
  }
}

function dnsDetail(code: string | undefined, name: string): string {
  const remedy = 'check that a DNS record exists for this domain';
  if (code === 'ENOTFOUND') return `DNS problem: NXDOMAIN looking up TXT for ${name} - ${remedy}`;
  if (code === 'ESERVFAIL')
    return `DNS problem: SERVFAIL looking up TXT for ${name} - the domain's nameservers may be malfunctioning`;
  return `DNS problem: query failed (${code}) looking up TXT for ${name}`;
}
