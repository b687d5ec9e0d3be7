import { STSClient } from '@aws-sdk/client-sts';
import { placeCredentials } from '#shared/adapters/place-credentials.ts';
import type { ClientOptions } from '#shared/aws/clients.ts';
import { stsAssumeRole } from '#shared/aws/sts-assume-role.ts';
import type { FunctionName } from '#shared/installation.ts';
import type { Place } from '#shared/place.ts';
import type { Foundation } from '../foundation.ts';

export type ClientsAt = (place: Place) => ClientOptions;

/** Returns options for the clients of any place: with our own role at home, and with our role there in another account. */
export function composePlaces(foundation: Foundation, name: FunctionName): ClientsAt {
  const { clients, clock, config, environment } = foundation;
  const sessionName = `${environment.CERTKEEP_INSTALLATION}-${name}`;
  const credentialsIn = placeCredentials({
    home: config.home,
    roleName: environment.CERTKEEP_PLACE_ROLE,
    externalId: config.externalId,
    assumeRole: stsAssumeRole(new STSClient(clients()), sessionName),
    clock,
  });
  return ({ account, region }) => {
    const credentials = credentialsIn(account);
    return { ...clients(region), ...(credentials && { credentials }) };
  };
}
