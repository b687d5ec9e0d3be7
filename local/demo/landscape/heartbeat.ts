import { createServer } from 'node:http';
import { type Loopback, onLoopback } from '../on-loopback.ts';

/** A dead-man service that takes every sign of life. */
export function startHeartbeat(): Promise<Loopback> {
  return onLoopback(createServer((_, response) => void response.end('OK')));
}
