import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { minuteMs } from '#shared/time/clock.ts';
import { type RecordLab, recordLab, recordServices } from '#test/support/record-labs.ts';

const name = '_acme-challenge.example.com';
const values = ['apex', 'wildcard'].map((value) => ({ name, value }));

/** Values as they are sent: Cloudflare wants them quoted. */
const bare = (written: readonly string[]) => written.map((value) => value.replaceAll('"', ''));

describe.each(recordServices.map((service) => [service.type, service] as const))(
  '%s',
  (_, service) => {
    let lab: RecordLab;

    beforeEach(async () => {
      lab = await recordLab(service);
      lab.store.addZone('example.com');
    });
    afterEach(() => lab.close());

    async function zoneId(): Promise<string> {
      return (await lab.solver().zoneFor(name)).zoneId;
    }

    test('finds the longest zone that holds the name, over all pages', async () => {
      for (let n = 0; n < service.zonesPerPage; n += 1) lab.store.addZone(`z${n}.example.com`);
      lab.store.addZone('notexample.com');
      lab.store.addZone('shop.example.com');
      const solver = lab.solver();
      const shop = await solver.zoneFor('_acme-challenge.www.Shop.example.com.');
      expect(shop.name).toBe('shop.example.com');
      expect(await solver.nameServers(shop.zoneId)).toEqual([
        'ns1.shop.example.com',
        'ns2.shop.example.com',
      ]);
      expect((await solver.zoneFor('_acme-challenge.example.com')).name).toBe('example.com');
      // Two pages, remembered for all names of the domain.
      expect(lab.api.calls).toEqual([service.calls.zones, service.calls.zones]);
      lab.clock.advance(11 * minuteMs);
      await solver.zoneFor(name);
      expect(lab.api.calls).toHaveLength(4);
    });

    test('finds a zone whose name is written in another script, and writes to it', async () => {
      lab.store.addZone('例子.com');
      const solver = lab.solver();
      const shop = '_acme-challenge.shop.xn--fsqu00a.com';
      const zone = await solver.zoneFor(shop);
      expect(zone.name).toBe('xn--fsqu00a.com');
      const apex = '_acme-challenge.xn--fsqu00a.com';
      const both = [shop, apex].map((at) => ({ name: at, value: 'ours' }));
      const written = () => [shop, apex].map((at) => bare(lab.store.txtAt(at)));
      for (let n = 0; n < 2; n += 1) await lab.solver().publish(zone.zoneId, both);
      expect(lab.api.calls.filter((call) => call === service.calls.create)).toHaveLength(2);
      expect(written()).toEqual([['ours'], ['ours']]);
      await lab.solver().remove(zone.zoneId, both);
      expect(written()).toEqual([[], []]);
    });

    test('says that no zone holds a name, and finds one that was made because of it', async () => {
      const solver = lab.solver();
      await expect(solver.zoneFor('_acme-challenge.example.net')).rejects.toMatchObject({
        name: 'ZoneNotFound',
      });
      lab.store.addZone('example.net');
      expect((await solver.zoneFor('_acme-challenge.example.net')).name).toBe('example.net');
    });

    test('puts several values at one name beside those of others, and takes away only its own', async () => {
      const zone = lab.store.zones[0];
      const theirs = { name, type: 'TXT', value: 'theirs', ttl: 600 };
      if (zone) lab.store.addRecord(zone, theirs);
      const solver = lab.solver();
      const id = await zoneId();
      expect(await solver.isPublished(await solver.publish(id, values))).toBe(true);
      expect(bare(lab.store.txtAt(name)).toSorted()).toEqual(['apex', 'theirs', 'wildcard']);
      await solver.remove(id, values);
      expect(lab.store.txtAt(name)).toEqual(['theirs']);
    });

    test('publishes and removes the same values any number of times', async () => {
      const id = await zoneId();
      for (let n = 0; n < 2; n += 1) await lab.solver().publish(id, [...values, ...values]);
      expect(lab.api.calls.filter((call) => call === service.calls.create)).toHaveLength(2);
      expect(bare(lab.store.txtAt(name))).toEqual(['apex', 'wildcard']);
      for (let n = 0; n < 2; n += 1) await lab.solver().remove(id, values);
      expect(lab.store.txtAt(name)).toEqual([]);
    });

    test('finds its values among very many', async () => {
      const zone = lab.store.zones[0];
      for (let n = 0; n < service.recordsPerPage + 5; n += 1) {
        if (zone) lab.store.addRecord(zone, { name, type: 'TXT', value: `other ${n}`, ttl: 600 });
      }
      const id = await zoneId();
      await lab.solver().publish(id, values);
      await lab.solver().publish(id, values);
      await lab.solver().remove(id, values);
      expect(lab.store.txtAt(name)).toHaveLength(service.recordsPerPage + 5);
      expect(bare(lab.store.txtAt(name))).not.toContain('apex');
    });

    test('concurrent writers each have their own record', async () => {
      const id = await zoneId();
      await Promise.all(values.map((value) => lab.solver().publish(id, [value])));
      await Promise.all([lab.solver().publish(id, values), lab.solver().publish(id, values)]);
      expect(bare(lab.store.txtAt(name))).toEqual(['apex', 'wildcard']);
    });

    test.each(['create', 'remove'] as const)(
      '%s whose answer is lost is asked again',
      async (call) => {
        const id = await zoneId();
        lab.api.loseAnswer(service.calls[call]);
        await lab.solver().publish(id, values);
        expect(bare(lab.store.txtAt(name))).toEqual(['apex', 'wildcard']);
        await lab.solver().remove(id, values);
        expect(lab.store.txtAt(name)).toEqual([]);
      },
    );

    test('a value published by a run that died before the answer is removed by another run', async () => {
      const id = await zoneId();
      for (let n = 0; n < 4; n += 1) lab.api.loseAnswer(service.calls.create);
      await expect(lab.solver().publish(id, values)).rejects.toMatchObject({
        name: 'DnsServiceUnreachable',
      });
      expect(bare(lab.store.txtAt(name))).toEqual(['apex']);
      // All that it knows is what the ledger holds: zone, name and value.
      await lab.solver().remove(id, values);
      expect(lab.store.txtAt(name)).toEqual([]);
    });

    test.each(['throttled', 'broken'] as const)('%s for a moment is asked again', async (kind) => {
      const id = await zoneId();
      lab.api.refuse(service.calls.create, service.refusals[kind], 2);
      await lab.solver().publish(id, values);
      expect(bare(lab.store.txtAt(name))).toEqual(['apex', 'wildcard']);
    });

    test.each([
      ['throttled', 'DnsRateLimited', 4],
      ['broken', 'DnsServiceUnreachable', 4],
      ['denied', 'DnsCredentialsRefused', 2],
      ['malformed', 'DnsCredentialsRefused', 2],
      ['noZone', 'ZoneNotFound', 1],
      ['conflict', 'DnsChangeRefused', 1],
    ] as const)('%s for ever is %s, after %i tries', async (kind, error, tries) => {
      const id = await zoneId();
      const solver = lab.solver();
      // The credentials are kept by now.
      await solver.zoneFor(name);
      const { create } = service.calls;
      lab.api.refuse(create, service.refusals[kind], Number.POSITIVE_INFINITY);
      await expect(solver.publish(id, values)).rejects.toMatchObject({ name: error });
      expect(lab.api.calls.filter((call) => call === create)).toHaveLength(tries);
    });

    test('removing from a zone that is gone is done', async () => {
      lab.api.refuse(service.calls.records, service.refusals.noZone);
      await lab.solver().remove('gone', values);
      expect(lab.api.calls).toEqual([service.calls.records]);
    });

    test('wrong credentials are refused, and replaced ones are read at once', async () => {
      const id = await zoneId();
      const solver = lab.solver();
      await solver.publish(id, values);
      const wrong = Object.keys(service.credentials).map((field) => [field, 'wrong']);
      lab.replaceSecret(Object.fromEntries(wrong));
      const stale = lab.solver();
      const refused = await stale.publish(id, values).catch((error) => error);
      expect(refused).toMatchObject({ name: 'DnsCredentialsRefused' });
      lab.replaceSecret(service.credentials);
      await stale.remove(id, values);
      expect(lab.store.txtAt(name)).toEqual([]);
    });

    test('credentials with a line break are reported without being quoted', async () => {
      const broken = Object.entries(service.credentials).map(([field, text]) => [
        field,
        `${text.slice(0, 9)}\n${text.slice(9)}`,
      ]);
      const secret = Object.fromEntries(broken);
      const error = await lab
        .solver({ secret })
        .zoneFor(name)
        .catch((thrown) => thrown);
      expect(error).toMatchObject({ name: 'DnsCredentialsUnreadable' });
      const shown = inspect(error, { depth: 10 });
      for (const text of Object.values(service.credentials)) {
        expect(shown).not.toContain(text.slice(0, 9));
        expect(shown).not.toContain(text.slice(9));
      }
      expect(lab.api.calls).toEqual([]);
    });

    test('an answer that is no JSON, or a missing one, is reported without being quoted', async () => {
      lab.api.refuse(service.calls.zones, { status: 200, body: '<html>secret</html>' }, 4);
      const garbled = await lab
        .solver()
        .zoneFor(name)
        .catch((error) => error);
      expect(garbled).toMatchObject({ name: 'DnsServiceUnreachable' });
      expect(garbled.message).not.toContain('secret');
      const nobody = lab.solver({ baseUrl: 'http://127.0.0.1:1' });
      await expect(nobody.zoneFor(name)).rejects.toMatchObject({
        name: 'DnsServiceUnreachable',
        message: expect.stringMatching(/ECONNREFUSED|bad port/),
      });
    });

    test('a redirect is not followed', async () => {
      const location = `${lab.api.baseUrl}/elsewhere`;
      const redirect = { status: 307, body: {}, headers: { location } };
      lab.api.refuse(service.calls.zones, redirect, Number.POSITIVE_INFINITY);
      await expect(lab.solver().zoneFor(name)).rejects.toMatchObject({
        name: 'DnsServiceUnreachable',
      });
    });

    test('no error shows what the secret holds', async () => {
      const id = await zoneId();
      lab.api.refuse(service.calls.create, service.refusals.denied, Number.POSITIVE_INFINITY);
      const error = await lab
        .solver()
        .publish(id, values)
        .catch((thrown) => thrown);
      const shown = inspect(error, { depth: 10 }) + JSON.stringify(error);
      for (const secret of Object.values(service.credentials)) expect(shown).not.toContain(secret);
    });
  },
);
