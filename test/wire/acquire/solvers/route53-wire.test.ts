import { Readable } from 'node:stream';
import { HttpResponse } from '@smithy/core/protocols';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { apply, change, createZone } from 'local-cloud/kit/local-dns.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Route53Lab, route53Lab } from '#test/support/route53-lab.ts';

const name = '_acme-challenge.example.com';
let lab: Route53Lab;
let zoneId: string;

beforeEach(async () => {
  lab = await route53Lab();
  zoneId = createZone(lab.dns, 'example.com').replace('/hostedzone/', '');
});
afterEach(() => lab.close());

/** As API_ChangeResourceRecordSets.html shows it: the error is the root, with no name beside it. */
const refusal = `<?xml version="1.0" encoding="UTF-8"?>
<InvalidChangeBatch xmlns="https://route53.amazonaws.com/doc/2013-04-01/">
  <Messages>
    <Message>Tried to create resource record set ${name}. type TXT, but it already exists</Message>
  </Messages>
  <RequestId>b25f48e8-84fd-11e6-80d9-574e0c4664cb</RequestId>
</InvalidChangeBatch>`;

/** Answers so to the first `times` changes, which are not carried out. */
function refusingChanges(times: number) {
  const requestHandler = new NodeHttpHandler({});
  const real = requestHandler.handle.bind(requestHandler);
  let refused = 0;
  requestHandler.handle = async (request, options) => {
    if (request.method !== 'POST' || refused >= times) return real(request, options);
    refused += 1;
    const headers = { 'content-type': 'text/xml' };
    return {
      response: new HttpResponse({ statusCode: 400, headers, body: Readable.from([refusal]) }),
    };
  };
  return requestHandler;
}

test('a refusal of a batch that stands as the root of the answer is a conflict: it is read and merged', async () => {
  apply(lab.dns, zoneId, change('CREATE', name, 'TXT', ['"foreign"'], 120));
  const solver = lab.solver({ requestHandler: refusingChanges(1) });
  await solver.publish(zoneId, [{ name, value: 'ours' }]);
  expect(lab.txtAt(zoneId, name)?.values.toSorted()).toEqual(['"foreign"', '"ours"']);
});

test('a refusal that comes again although nobody wrote is thrown', async () => {
  const solver = lab.solver({ requestHandler: refusingChanges(99) });
  await expect(solver.publish(zoneId, [{ name, value: 'ours' }])).rejects.toMatchObject({
    name: 'DnsChangeRefused',
    message: expect.stringContaining('InvalidChangeBatch: Tried to create resource record set'),
  });
});
