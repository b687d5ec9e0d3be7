import { X509Certificate } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { CertkeepError } from '#shared/errors.ts';
import { type AcmeLab, acmeLab, issuerConfig } from '#test/support/acme-lab.ts';
import { issueStage } from '#test/support/issue-stage.ts';

let lab: AcmeLab;
afterEach(() => lab.close());

const acm = 'https://acm-acme-enroll.us-east-1.api.aws/0a1b/directory';

/** As with `solvers: []`. */
const none = {
  byKey: () => null,
  forName(name: string): never {
    throw new CertkeepError('SolverMissing', `no solver for ${name}`);
  },
};

async function issuedBy(directory: string, mostRuns?: number) {
  // Its validation has no part in this: the system's clock runs the stage.
  lab = await acmeLab({ clock: { now: () => new Date(), sleep: async () => undefined } });
  lab.ca.misbehaviour.add({
    when: ({ operation }) => operation === 'newOrder',
    reply: async (usual) => {
      const reply = await usual();
      const order = lab.ca.orderAt(String(reply.headers?.location));
      for (const authorization of order.authorizations) authorization.decision = 'valid';
      return { ...reply, body: { ...(reply.body as object), status: 'ready' } };
    },
  });
  const issuer = issuerConfig(lab.ca);
  const stage = issueStage({
    issuer,
    believed: { ...issuer, directory },
    certificates: { shop: ['example.com', '*.example.com'] },
    solvers: none,
  });
  return { stage, record: await stage.settle('shop', mostRuns) };
}

test("ACM's endpoints issue with no solver configured, and no challenge asked for", async () => {
  const { stage, record } = await issuedBy(acm);
  expect(record).toMatchObject({ acquireFailure: null, attempt: null, txt: [] });
  const { certificatePem } = await stage.stored('shop');
  expect(new X509Certificate(certificatePem).subjectAltName).toContain('DNS:*.example.com');
  const asked = lab.faults.calls.map(({ operation }) => operation);
  expect(asked).not.toContain('authz');
  expect(asked).not.toContain('challenge');
});

test('other CAs need a solver before anything is ordered', async () => {
  const { record } = await issuedBy('https://ca.example/directory', 2);
  expect(record).toMatchObject({ desired: null, acquireFailure: { error: 'SolverMissing' } });
  expect(lab.faults.calls.map(({ operation }) => operation)).not.toContain('newOrder');
});
