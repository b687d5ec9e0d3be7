import { X509Certificate } from 'node:crypto';
import { realParts } from 'local-cloud/kit/real-parts.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Person, personBesideTheFleet } from './person.ts';
import { type Questions, questions } from './questions.ts';
import { until } from './shell.ts';

const challenge = '_acme-challenge.blog.example.com';
const longestMs = 180_000;

describe.skipIf(realParts.aws === null)('a visit with the aws command line', () => {
  let person: Person;
  let ask: Questions;
  beforeAll(async () => {
    person = await personBesideTheFleet();
    ask = questions(person);
  }, 2 * longestMs);
  afterAll(() => person.leave());

  function invoke(name: string, event: object): Promise<string> {
    const to = `--function-name certkeep-${name} --payload fileb:///dev/stdin /dev/stdout`;
    return person.type(`echo '${JSON.stringify(event)}' | aws lambda invoke ${to}`);
  }

  async function isProven(id: string): Promise<boolean> {
    const { desired, deployments } = await ask.record(id);
    return Object.values(deployments).every(
      ({ state, versionId, failure }) =>
        state === 'proven' && versionId === desired && failure === null,
    );
  }

  test('the printed lines work as they are printed', async () => {
    const [list = '', record = '', queues = '', alarms = '', lines = ''] = person.invited;
    const looks = [list, record, queues, alarms, lines];
    const answers = await Promise.all(looks.map((line) => person.type(line)));
    expect(answers[0]).toContain('EC-prime256v1');
    expect(JSON.parse(answers[1] ?? '')).toMatchObject({ id: 'blog', desired: expect.any(String) });
    expect(answers[2]).toContain('certkeep-issue.fifo');
    expect(answers[3]).toContain('certkeep-CheckSilent');
    expect(answers[4]).toContain('blog');
  });

  test('ACM lists the certificates of all key types only when asked for them', async () => {
    const names = "--query 'CertificateSummaryList[?InUse].DomainName'";
    const byDefault = await person.read<string[]>(`aws acm list-certificates ${names}`);
    const all = await person.read<string[]>(`${person.invited[0]} ${names}`);
    expect(byDefault).toHaveLength(2);
    // Two of them were imported by hand, beside the fleet.
    expect(all).toHaveLength(9);
  });

  test('the listeners hold the certificates of the ledger', async () => {
    const ids = ['shop', 'blog', 'app', 'docs', 'login', 'login-rsa'];
    const arns = await Promise.all(ids.map(ask.certificateArn));
    const [shop = '', blog = '', app = '', ...others] = arns;
    expect(await ask.listenerCertificates('blog-alb')).toEqual([blog]);
    // The console had listed its default as well.
    expect(await ask.listenerCertificates('app-alb')).toEqual([app]);
    const listed = [blog, ...others].toSorted();
    expect(await ask.listenerCertificates('shop-alb')).toEqual([shop, ...listed]);
    const query = "--query 'LoadBalancerDescriptions[].ListenerDescriptions[].Listener'";
    const classic = await person.read(`aws elb describe-load-balancers ${query}`);
    expect(classic).toMatchObject([{ SSLCertificateId: shop }]);
  });

  test('the record and the secret speak of the same certificate, in both regions', async () => {
    const { desired, versions } = await ask.record('shop');
    const secret = 'aws secretsmanager get-secret-value --secret-id certkeep/shop';
    const [home, replica] = await Promise.all(
      ['us-east-1', 'eu-west-1'].map((region) =>
        person.read<{ SecretString: string }>(`${secret} --region ${region}`),
      ),
    );
    const { certificate } = JSON.parse(home?.SecretString ?? '');
    const { serialNumber } = new X509Certificate(certificate);
    expect(serialNumber).toBe(versions.find(({ id }) => id === desired)?.serial);
    expect(replica?.SecretString).toBe(home?.SecretString);
    const copies = await person.type('aws s3 ls --recursive s3://certkeep-000000000000-eu-west-1');
    expect(copies).toContain(`certificates/shop/versions/${desired}/certificate.pem`);
  });

  test('the queues are empty and have dead letters, and there is a topic', async () => {
    const lines = [
      'url=$(aws sqs get-queue-url --queue-name certkeep-deploy.fifo --output text)',
      'aws sqs get-queue-attributes --queue-url "$url" --attribute-names All',
    ];
    const { Attributes } = await person.read<{ Attributes: object }>(lines.join('\n'));
    expect(Attributes).toMatchObject({
      ApproximateNumberOfMessages: '0',
      RedrivePolicy: expect.stringContaining('certkeep-deploy-dead.fifo'),
    });
    expect(await person.type('aws sns list-topics')).toContain(':certkeep-alerts');
  });

  test(
    'a TXT record that is changed by hand survives a renewal asked for by hand',
    async () => {
      const before = await ask.record('blog');
      expect(await ask.txtValues('example.com', challenge)).toEqual(['"somebody-else"']);
      const ResourceRecords = ['"me"', '"somebody-else"'].map((Value) => ({ Value }));
      const ResourceRecordSet = { Name: challenge, Type: 'TXT', TTL: 60, ResourceRecords };
      const Changes = [{ Action: 'UPSERT', ResourceRecordSet }];
      await person.file('change.json', JSON.stringify({ Changes }));
      const of = `--hosted-zone-id ${await ask.zoneId('example.com')}`;
      await person.type(
        `aws route53 change-resource-record-sets ${of} --change-batch file://change.json`,
      );

      const answer = JSON.parse(await person.type(person.invited.at(-1) ?? ''));
      expect(JSON.stringify(answer)).toContain('I asked for it');
      await until(async () => (await ask.record('blog')).desired !== before.desired, longestMs);
      await until(() => isProven('blog'), longestMs);
      expect(await ask.txtValues('example.com', challenge)).toEqual(['"me"', '"somebody-else"']);
    },
    4 * longestMs,
  );

  test(
    'a certificate that is taken off a listener is found missing and put back',
    async () => {
      const before = await ask.listenerCertificates('shop-alb');
      const docs = await ask.certificateArn('docs');
      const of = `--listener-arn ${await ask.listenerArn('shop-alb')}`;
      await person.type(
        `aws elbv2 remove-listener-certificates ${of} --certificates CertificateArn=${docs}`,
      );
      const without = before.filter((arn) => arn !== docs);
      expect(await ask.listenerCertificates('shop-alb')).toEqual(without);

      // A proof counts for half a minute here; the check after that has the endpoint asked again.
      await until(async () => {
        await invoke('check', {});
        return person.printed().includes('endpoint asked · contradicted');
      }, longestMs);
      // check sends it to deploy once the back-off of a first failure is over.
      await until(async () => {
        await invoke('check', {});
        return (await ask.listenerCertificates('shop-alb')).includes(docs);
      }, longestMs);
      expect(await ask.listenerCertificates('shop-alb')).toEqual(before);
      await until(() => isProven('docs'), longestMs);
    },
    4 * longestMs,
  );

  test('Ctrl-C ends it well', async () => {
    expect(await person.interrupt()).toBe(0);
  });
});
