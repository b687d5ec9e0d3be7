import { answerInside } from '#shared/deploy/probe/inside/answer-inside.ts';
import {
  type InsideAnswer,
  type InsideRequest,
  insideRequest,
} from '#shared/deploy/probe/inside/messages.ts';
import { handshakes } from '#shared/deploy/probe/probe.ts';
import { dnsResolver } from '#shared/deploy/probe/resolver.ts';
import { handshakeTimeoutMs, resolversOf } from './compose/handshakes.ts';
import { readInsideEnvironment } from './environment.ts';
import { type Around, plainHandler, type Run } from './handler.ts';

/** Has neither the configuration nor any client of AWS: it asks what it is told to, and says what it is shown. */
export function composeInside({ variables }: Pick<Around, 'variables'>): Run<InsideRequest> {
  const { CERTKEEP_RESOLVER } = readInsideEnvironment(variables);
  const resolve = dnsResolver({ servers: resolversOf(CERTKEEP_RESOLVER) });
  const shakeHands = handshakes({ resolve, timeoutMs: handshakeTimeoutMs });
  return (request): Promise<InsideAnswer> => answerInside(shakeHands, request);
}

export const handler = plainHandler('inside', insideRequest, composeInside);
