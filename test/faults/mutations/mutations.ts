/** A rule of the design, broken on purpose, and the faults that must find it. */
export type Mutation = {
  readonly name: string;
  readonly rule: string;
  readonly patches: readonly {
    readonly file: string;
    readonly from: string;
    readonly to: string;
  }[];
  /** Part of the names of the calls. */
  readonly call: string;
  readonly faults: readonly string[];
};

export const mutations: readonly Mutation[] = [
  {
    name: 'key-after-finalize',
    rule: 'The key is stored before the CSR leaves.',
    patches: [
      {
        file: 'shared/acquire/order/acquire.ts',
        from: 'const keyPem = await ensureKey(acquisition, attempt);',
        to: `const keyPem = (await acquisition.keyStore.readKey(acquisition.certificate.id, attempt.id)) ??
          createKey(attempt.keyAlgorithm);`,
      },
      {
        file: 'shared/acquire/order/acquire.ts',
        from: "const valid = await pollOrder(acquisition, finalized, ['ready', 'processing']);",
        to: `await ensureKey.call(null, { ...acquisition, keyStore: { ...acquisition.keyStore,
            storeKey: (id, attemptId) => acquisition.keyStore.storeKey(id, attemptId, keyPem) } }, attempt);
          const valid = await pollOrder(acquisition, finalized, ['ready', 'processing']);`,
      },
    ],
    call: 'issue(blog)/1 acme finalize',
    faults: ['kill-after'],
  },
  {
    name: 'upsert',
    rule: 'TXT values are never upserted: the batch deletes the exact old set.',
    patches: [
      {
        file: 'shared/solvers/route53/client.ts',
        from: "...(before ? [change('DELETE', before)] : []),",
        to: "...(before && !after ? [change('DELETE', before)] : []),",
      },
      {
        file: 'shared/solvers/route53/client.ts',
        from: "...(after ? [change('CREATE', after)] : []),",
        to: "...(after ? [change('UPSERT' as 'CREATE', after)] : []),",
      },
    ],
    call: 'issue(blog)/1 route53 ListResourceRecordSets',
    faults: ['rival'],
  },
  {
    name: 'event-outside-of-the-outbox',
    rule: 'Events leave through the outbox, written with the change itself.',
    patches: [
      {
        file: 'shared/deploy/verify/verdicts.ts',
        from: 'return withEvent(changed, servedEvent(record.id, version, named, now));',
        to: 'return (named.length, changed);',
      },
      {
        file: 'shared/deploy/verify/verify.ts',
        from: '  await flushOutbox(ports, id);',
        to: `  const { isProven } = await import('../decide-deploy.ts');
          const { servedEvent } = await import('../events.ts');
          const version = record.versions.find((each) => each.id === record.desired);
          if (version && !isProven(record, targets, version) && isProven(after, targets, version)) {
            await ports.bus.publish([servedEvent(id, version, [], ports.clock.now())]);
          }
          await flushOutbox(ports, id);`,
      },
    ],
    call: 'verify(blog)/1 events PutEvents',
    faults: ['kill-before'],
  },
  {
    name: 'acknowledged-before-published',
    rule: 'Events are sent, then acknowledged.',
    patches: [
      {
        file: 'shared/ledger/outbox/outbox.ts',
        from: '  await bus.publish(events);\n',
        to: '',
      },
      {
        file: 'shared/ledger/outbox/outbox.ts',
        from: '  return events.length;',
        to: '  await bus.publish(events);\n  return events.length;',
      },
    ],
    call: 'verify(blog)/1 events PutEvents',
    faults: ['kill-before'],
  },
  {
    name: 'told-before-sent',
    rule: 'What people are told counts as told after it was sent.',
    patches: [
      {
        file: 'shared/finish/alert/alert.ts',
        from: '  for (const [index, decision] of messages.entries()) {',
        to: '  await write(ports.told, intended, after(new Set()));\n  for (const [index, decision] of messages.entries()) {',
      },
    ],
    call: 'alert(checked)/1 sns Publish',
    faults: ['kill-before'],
  },
  {
    name: 'lease-shorter-than-its-holder',
    rule: "A lease outlives its holder's hard deadline.",
    patches: [
      {
        file: 'shared/time/invocation.ts',
        from: 'return addMs(invocation.deadline, 10 * secondMs);',
        to: 'return addMs(invocation.deadline, -130 * secondMs);',
      },
    ],
    call: 'deploy(blog)/1 acm ImportCertificate',
    faults: ['freeze'],
  },
  {
    name: 'calls-outlive-the-deadline',
    rule: 'Every outside call is aborted before the lease ends.',
    patches: [
      {
        file: 'shared/aws/clients.ts',
        from: 'const abortSignal = combined(options.abortSignal, deadlineSignal());',
        to: 'const abortSignal = options.abortSignal;',
      },
    ],
    call: 'deploy(blog)/1 acm ImportCertificate',
    faults: ['freeze'],
  },
  {
    name: 'a-412-is-a-defeat',
    rule: 'A conditional write whose answer was lost does not look like defeat.',
    patches: [
      {
        file: 'shared/ledger/s3-ledger.ts',
        from: 'if (written) return recordIn(ports, id, written);',
        to: "if (written) return recordIn(ports, id, written);\n      throw new CertkeepError('LedgerConflict', id);",
      },
    ],
    call: 'issue(blog)/1 s3 PutObject certkeep-*-us-east-1 records/issue/blog.json',
    faults: ['lose-answer'],
  },
  {
    name: 'no-compare-and-swap',
    rule: 'A record is written only over the state that was read.',
    patches: [
      {
        file: 'shared/adapters/s3-object-store.ts',
        from: "const condition = etag === null ? { IfNoneMatch: '*' } : { IfMatch: etag };",
        to: 'const condition = etag === null ? {} : {};',
      },
    ],
    call: 'issue(blog)/1 s3 GetObject certkeep-*-us-east-1 records/issue/blog.json',
    faults: ['rival'],
  },
  {
    name: 'finalize-error-not-looked-into',
    rule: 'On any finalize error the order is read again and its status decides.',
    patches: [
      {
        file: 'shared/acquire/order/order.ts',
        from: "if (!seen || seen.status === 'ready') throw error;",
        to: 'throw error;',
      },
    ],
    call: 'issue(blog)/1 acme finalize',
    faults: ['twice'],
  },
  {
    name: 'intent-dropped-before-the-values',
    rule: 'A TXT value leaves the ledger only after it is gone.',
    patches: [
      {
        file: 'shared/acquire/challenges/clean-up.ts',
        from: 'else await removeFrom(acquisition, records, notes);',
        to: `else {
          await mine.update((record) => ({ ...record, txt: record.txt.filter(
            (intent) => !records.some((each) => keyOf(each) === keyOf(intent))) }));
          await removeFrom(acquisition, records, notes);
        }`,
      },
    ],
    call: 'issue(blog)/1 route53 ChangeResourceRecordSets',
    faults: ['kill-before', 'refuse'],
  },
  {
    name: 'published-on-paper',
    rule: 'An ARN counts as published only after the parameter holds it.',
    patches: [
      {
        file: 'shared/deploy/publish/publish.ts',
        from: '    await run.publisher.publish(',
        to: '    await run.mine.update((current) => acmImport.published(current, run.place, arn));\n    await run.publisher.publish(',
      },
    ],
    call: 'deploy(blog)/1 ssm PutParameter',
    faults: ['kill-before'],
  },
  {
    name: 'import-without-looking',
    rule: 'Before importing we look for our certificate and adopt it.',
    patches: [
      {
        file: 'shared/deploy/import/new-import.ts',
        from: '    return held;\n  });\n  for (const arn of lookAlikes)',
        to: '    return held && null;\n  });\n  for (const arn of lookAlikes)',
      },
    ],
    call: 'deploy(blog)/1 acm ImportCertificate',
    faults: ['kill-after'],
  },
  {
    name: 'clean-up-takes-all',
    rule: 'Clean-up takes away our values and nobody else’s.',
    patches: [
      {
        file: 'shared/solvers/route53/txt-sets.ts',
        from: 'const left = set.values.filter((value) => !values.includes(value));',
        to: 'const left = set.values.filter(() => values.length === 0);',
      },
    ],
    call: 'issue(blog)/1 acme finalize',
    faults: ['kill-before'],
  },
  {
    name: 'old-out-before-new-in',
    rule: 'In an SNI list the new one comes before the old one goes.',
    patches: [
      {
        file: 'shared/targets/next-step.ts',
        from: 'const makesRoom = !hasRoom && wanted.mayMakeRoom && leaving !== undefined;',
        to: 'const makesRoom = leaving !== undefined;',
      },
    ],
    call: 'deploy(api)/1 elbv2 AddListenerCertificates',
    faults: ['kill-before'],
  },
  {
    name: 'desired-before-current',
    rule: 'AWSCURRENT is moved before the version is the desired one.',
    patches: [
      {
        file: 'shared/acquire/store/store.ts',
        from: 'await promoteVersion(ports, certificateId, version.id, material);\n  return ports.mine.update((record) => stored(record, version, keptNow(ports, record)));',
        to: 'const after = await ports.mine.update((record) => stored(record, version, keptNow(ports, record)));\n  await promoteVersion(ports, certificateId, version.id, material);\n  return after;',
      },
    ],
    call: 'issue(blog)/1 secretsmanager UpdateSecretVersionStage',
    faults: ['kill-before', 'refuse'],
  },
  {
    name: 'key-in-a-log',
    rule: 'Nothing that is printed or logged holds key material.',
    patches: [
      {
        file: 'shared/acquire/order/acquire.ts',
        from: 'durationMs: clock.now().getTime() - startedAt,',
        to: 'durationMs: clock.now().getTime() - startedAt,\n    key: keyPem.reveal(),',
      },
    ],
    call: 'issue(blog)/1 acme finalize',
    faults: ['kill-before'],
  },
];
