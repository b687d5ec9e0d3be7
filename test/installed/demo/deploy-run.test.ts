import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { type Cloud, startCloud, usualConsistency } from 'local-cloud/cloud.ts';
import { readAssembly } from 'local-cloud/deploy/assembly.ts';
import { deployments } from 'local-cloud/deploy/deployments.ts';
import { functionRights } from 'local-cloud/iam/function-rights.ts';
import { roleKeys } from 'local-cloud/runtime/credentials.ts';
import { startDispatcher } from 'local-cloud/runtime/dispatcher.ts';
import type { InvocationResult } from 'local-cloud/runtime/invocation-result.ts';
import type { Invoker } from 'local-cloud/runtime/invoker.ts';
import { processInvoker } from 'local-cloud/runtime/process-invoker.ts';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { bundleFunctions } from '#infra/bundle.ts';
import { addStacks } from '#infra/stacks.ts';
import { systemClock } from '#shared/time/clock.ts';
import { configYaml, parsed } from '#test/support/config-yaml.ts';

const directory = mkdtempSync(join(tmpdir(), 'certkeep-run-'));
const assembly = join(directory, 'cdk.out');
const templateFile = 'Certkeep.template.json';
let cloud: Cloud;
let invoker: Invoker;

beforeAll(() => {
  const home = `home: {account: "${homeAccount}", region: us-east-1}`;
  const { config } = parsed(configYaml({ home }));
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'));
  const app = new App({ context, outdir: assembly, builtinCloudFormationValidation: false });
  addStacks(app, { config, code: bundleFunctions() });
  app.synth();
});

afterEach(async () => {
  await invoker.close();
  await cloud.close();
});
afterAll(() => rmSync(directory, { recursive: true }));

/** Deploys a copy of the assembly, in which something was changed, and runs check as a process. */
async function checkOf(change: (copy: string) => void): Promise<InvocationResult> {
  const copy = mkdtempSync(join(directory, 'copy-'));
  cpSync(assembly, copy, { recursive: true });
  change(copy);
  cloud = await startCloud({ clock: systemClock, consistency: usualConsistency });
  deployments(cloud).deploy(readAssembly(copy));
  const rights = functionRights(cloud.iam);
  invoker = processInvoker({
    rights,
    keyOf: roleKeys(cloud.accounts),
    cloudEnvironment: { AWS_ENDPOINT_URL: cloud.endpoint },
    onLog: () => undefined,
  });
  const dispatcher = startDispatcher({ deployed: cloud, invoker, clock: systemClock, rights });
  const result = await dispatcher.invoke('check', {});
  dispatcher.stop();
  return result;
}

function editTemplate(edit: (text: string) => string): (copy: string) => void {
  return (copy) => {
    const file = join(copy, templateFile);
    writeFileSync(file, edit(readFileSync(file, 'utf8')));
  };
}

test('check runs as the template has it', async () => {
  const result = await checkOf(() => undefined);
  expect(result).toMatchObject({ ok: true });
  expect(cloud.sqs.queue('us-east-1', 'certkeep-issue.fifo')?.messages()).toHaveLength(1);
});

test('a variable under another name in the template alone breaks the run', async () => {
  const result = await checkOf(
    editTemplate((text) => text.replaceAll('"CERTKEEP_BUS"', '"CERTKEEP_COACH"')),
  );
  expect(result).toMatchObject({
    ok: false,
    error: { message: expect.stringMatching(/environment of this function.*CERTKEEP_BUS/s) },
  });
});

test('a right less in the template alone breaks the run', async () => {
  const result = await checkOf(
    editTemplate((text) => text.replaceAll('"s3:GetObject"', '"s3:GetObjectAcl"')),
  );
  expect(result).toMatchObject({
    ok: false,
    error: {
      message: expect.stringMatching(
        /assumed-role\/certkeep-us-east-1-check\/certkeep-check is not authorized to perform: s3:GetObject/,
      ),
    },
  });
});

test('the bundle in the assembly runs, and no source', async () => {
  const result = await checkOf((copy) => {
    const { Resources } = JSON.parse(readFileSync(join(copy, templateFile), 'utf8'));
    const code = Object.values(
      Resources as Record<string, { Properties: { FunctionName?: string; Code: Code } }>,
    ).find(({ Properties }) => Properties.FunctionName === 'certkeep-check')?.Properties.Code;
    const bundle = join(copy, `asset.${code?.S3Key.replace('.zip', '')}`, 'index.mjs');
    writeFileSync(bundle, "export const handler = async () => 'something else';\n");
  });
  expect(result).toEqual({ ok: true, payload: 'something else' });
});

type Code = { readonly S3Key: string };
