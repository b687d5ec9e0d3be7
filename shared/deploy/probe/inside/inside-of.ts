import type { ClientOptions } from '#shared/aws/clients.ts';
import type { Probe } from '../probe.ts';
import { lambdaInside } from './client.ts';
import { insideProbe } from './inside-probe.ts';
import { placeProbe } from './place-probe.ts';

/** The probe of a place whose network has the function of that name. */
export function insideOf(outside: Probe, options: ClientOptions, functionName: string): Probe {
  return placeProbe(outside, insideProbe(lambdaInside(options, functionName)));
}
