import * as z from 'zod';
import { keyAlgorithms } from '#shared/key-algorithm.ts';
import { accountSchema } from '#shared/schema/account.ts';
import { hints } from '#shared/schema/hints.ts';
import { probeAddress } from '#shared/schema/probe-address.ts';
import type { TargetSpec } from '../target.ts';
import { hostsAreNamedOnce, parametersAreTheirs, placesAreUsed } from './checks.ts';
import { permissionValues } from './permission-values.ts';

/** "Run Command has at most 50 instance IDs", and as many values of a tag (API_SendCommand.html). */
const mostHosts = 50;

/**
 * A document puts its parameters into the text of a script (`{{ name }}`), so that a value is code unless it holds nothing
 * that a shell reads. No space, quote, $, ;, &, |, <, >, parenthesis, backslash or newline is among these.
 */
const plain = z
  .string()
  .max(200)
  .regex(
    /^[A-Za-z0-9_./:@=+,-]*$/,
    'holds characters other than letters, digits and _ . / : @ = + , -',
  )
  .register(hints, {
    fix: 'Put it into the script of the document, or give the name of something that the script knows.',
  });

const push = z.strictObject({
  document: z
    .string()
    .regex(
      /^(?:arn:aws[a-z-]*:ssm:[a-z0-9-]+:\d{12}:document\/)?(?!AWS|aws|amazon|amzn)[A-Za-z0-9_.-]{3,128}$/,
      'is neither the name nor the ARN of a document of yours',
    )
    .register(hints, { fix: 'Create one from examples/ssm-document.yaml, and write its name.' })
    .describe(
      'The name or ARN of a document of yours with the parameters `secret`, `version` and `region`, such as `examples/ssm-document.yaml`. Documents of AWS are not taken: whoever may send those may run anything.',
    ),
  instances: z
    .array(
      z
        .string()
        .regex(/^(?:i-[0-9a-f]{8}(?:[0-9a-f]{9})?|mi-[0-9a-f]{17})$/, 'is no id of an instance'),
    )
    .min(1)
    .max(mostHosts)
    .optional()
    .describe('The ids of the hosts: `i-…` of EC2, `mi-…` of hybrid nodes. Or `tag`.'),
  tag: z
    .strictObject({
      key: z
        .string()
        .regex(/^(?!aws:)[\w.:/=+@-]{1,128}$/, 'is no key of a tag')
        .describe('The key of a tag of the hosts.'),
      values: z
        .array(z.string().regex(/^[\w.:/=+@-]{1,256}$/, 'is no value of a tag'))
        .min(1)
        .max(mostHosts)
        .describe('Its values: a host that has one of them gets the command.'),
    })
    .optional()
    .describe('The hosts with this tag. Or `instances`.'),
  parameters: z
    .record(z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,63}$/, 'is no name of a parameter'), plain)
    .optional()
    .describe('Further parameters of the document, such as the directory of the files.'),
});

const hours = z
  .number()
  .min(0.25)
  .max(7 * 24);

const instances = [
  'arn:{partition}:ec2:{region}:{account}:instance/{instance}',
  'arn:{partition}:ssm:{region}:{account}:managed-instance/{managedInstance}',
];

export const filesSpec = {
  type: 'files',
  summary:
    'Hosts that run TLS themselves: they fetch the files from the secret, by a timer or told by Run Command, and are proven by handshake.',
  tested: {
    against: 'real counterpart',
    how: 'The script of [the page](files.md) is run by a shell with the `aws` command line, openssl and nginx, and killed at each of its programs. The scenarios of [Run Command](clouds.md#systems-manager-run-command) run on moto too, which checks little of a command.',
  },
  schema: z.strictObject({
    type: z.literal('files'),
    probe: probeAddress.describe(
      'A host that serves the certificate over TLS, with its port if that is not 443. certkeep asks it at each of its addresses.',
    ),
    withinHours: hours
      .optional()
      .describe(
        'How many hours hosts may take to serve a new version before people hear of it: 24 by default, and half an hour with `push`.',
      ),
    region: z
      .string()
      .optional()
      .describe(
        'The region of the hosts, if that is not home: of their commands, and of a probe inside of their network.',
      ),
    account: accountSchema
      .optional()
      .describe('Their account in quotes, if that is not the home account.'),
    push: push
      .optional()
      .describe(
        'certkeep tells the hosts to fetch a new version, by Run Command of Systems Manager. Without it they look by themselves.',
      ),
  }),
  example: {
    type: 'files',
    probe: 'mail.example.com:465',
    push: { document: 'certkeep-files', tag: { key: 'Role', values: ['mail'] } },
  },
  keyAlgorithms,
  permissionValues,
  checks: [hostsAreNamedOnce, parametersAreTheirs, placesAreUsed],
  notes: [
    'Nothing is imported into ACM for it. A command names the secret and the version and holds no key: the host reads the secret with its own role. [Files for hosts](files.md) has the script, the timer, the document and the rights of the host.',
    'A new version is proven when every address of the probe serves it. Hosts that look by themselves take what is current, whatever the order of places says. An order holds for those that are told by `push`.',
    'certkeep puts nothing back there by itself, since it cannot know what a host holds. `certkeep rollback` makes an earlier version current again, and sends the command again; a host that does not fetch keeps what it has. What a host held before its first version of certkeep, certkeep does not have.',
  ],
  permissions: [
    {
      sid: 'SendDocument',
      stages: ['rebind'],
      actions: ['ssm:SendCommand'],
      resources: ['{document}'],
      reason: 'Sends the document of the configuration, which tells hosts to fetch a version.',
    },
    {
      sid: 'SendToInstances',
      stages: ['rebind'],
      actions: ['ssm:SendCommand'],
      resources: instances,
      reason: 'Sends it to the hosts that the configuration names.',
    },
    {
      sid: 'SendToTagged',
      stages: ['rebind'],
      actions: ['ssm:SendCommand'],
      resources: [
        'arn:{partition}:ec2:{region}:{account}:instance/*',
        'arn:{partition}:ssm:{region}:{account}:managed-instance/*',
      ],
      conditions: { StringEquals: { 'ssm:resourceTag/{tagKey}': ['{tagValue}'] } },
      needs: 'tagKey',
      reason: 'Sends it to the hosts with the tag of the configuration.',
    },
    {
      sid: 'ReadCommands',
      stages: ['rebind'],
      actions: ['ssm:ListCommands', 'ssm:ListCommandInvocations'],
      resources: ['*'],
      needs: 'push',
      reason:
        'Finds a command whose answer was lost, and says which host did not carry one out. Neither action knows resources (service authorization reference).',
    },
  ],
} as const satisfies TargetSpec;
