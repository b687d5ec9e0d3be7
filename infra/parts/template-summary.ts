import { createHash } from 'node:crypto';
import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { placeKey } from '#shared/place.ts';
import { identityOf } from '#shared/targets/identities.ts';
import type { TargetConfig } from '#shared/targets/specs.ts';
import { oneLine } from '#shared/text/plain-text.ts';

type Lines = Readonly<Record<string, string>>;

/**
 * The most bytes of a summary in the template. CloudFormation takes 1,048,576 for a whole template
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html); resources leave more than
 * half of that.
 */
export const mostSummaryBytes = 400_000;

const longestText = 300;

/**
 * Puts the certificates into the template's metadata, where `cdk diff` shows each difference as a line. It stands at the top
 * of the template, because `cdk diff` hides the metadata of resources.
 */
export function summarizeInTemplate(scope: Construct, config: Config): void {
  const stack = Stack.of(scope);
  for (const [key, text] of Object.entries(templateSummary(config))) stack.addMetadata(key, text);
}

/**
 * A line for each certificate, name and target. A summary that does not fit has a line for each certificate, or only a total;
 * a part of the lines would make a certificate that no longer fits look removed.
 */
export function templateSummary(config: Config): Lines {
  for (const summarize of [everything, certificatesOnly]) {
    const lines = summarize(config);
    if (bytesIn(lines) <= mostSummaryBytes) return lines;
  }
  return total(config);
}

function everything({ installation: of, home, certificates }: Config): Lines {
  const lines = certificates.flatMap((certificate): (readonly [string, string])[] => {
    const id = `${of} ${certificate.id}`;
    return [
      [id, describe(certificate)],
      ...certificate.names.map((name) => [`${id} ${name}`, 'name'] as const),
      ...certificate.targets.map(
        (target) => [`${id} ${whereOf(target, home, certificate.id)}`, roleOf(target)] as const,
      ),
    ];
  });
  return plainLines(lines);
}

function certificatesOnly({ installation: of, certificates }: Config): Lines {
  const lines = certificates.map(
    (each) => [`${of} ${each.id}`, `${sizeOf([each])}, ${digestOf(each)}`] as const,
  );
  const note =
    'Names and targets are left out, since they are too many: npx certkeep diff shows them.';
  return { [`${of} (summary)`]: note, ...plainLines(lines) };
}

function total({ installation: of, certificates }: Config): Lines {
  const count = `${certificates.length} certificates, ${sizeOf(certificates)}, ${digestOf(certificates)}`;
  const note = 'They are left out, since they are too many: npx certkeep diff shows them.';
  return plainLines([[`${of} (summary)`, `${count}. ${note}`]]);
}

function describe({ issuers, key, owner }: CertificateConfig): string {
  const parts = ['certificate', key, `from ${issuers.join(', else ')}`];
  return [...parts, ...(owner ? [`owner ${owner}`] : [])].join(', ');
}

function whereOf(target: TargetConfig, home: Config['home'], certificate: string): string {
  const { listener, place } = identityOf(target, home, certificate);
  const name = listener.replace(/^arn:.*?:listener\//, '').replace(`${placeKey(place)}/`, '');
  const at = place.account === home.account ? place.region : `${place.region} of ${place.account}`;
  return `${target.type} ${name} in ${at}`;
}

function roleOf(target: TargetConfig): string {
  return 'certificate' in target ? `target, certificate: ${target.certificate}` : 'target';
}

function sizeOf(certificates: readonly CertificateConfig[]): string {
  const sum = (part: 'names' | 'targets') =>
    certificates.reduce((count, each) => count + each[part].length, 0);
  return `${sum('names')} names, ${sum('targets')} targets`;
}

/** Tells that something changed which the line does not name. */
function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 8);
}

/** In the order of their keys, since the order in the file means nothing. */
function plainLines(lines: readonly (readonly [string, string])[]): Lines {
  const plain = lines.map(([key, text]) => [plainText(key), plainText(text)] as const);
  return Object.fromEntries(plain.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/**
 * One line of ASCII, since CloudFormation gives back other letters as question marks. Names of issuers are anybody's words:
 * CloudFormation would resolve `{{resolve:…}}`, and the CDK `${Token[…]}`.
 */
function plainText(text: string): string {
  return oneLine(text, longestText)
    .replace(/[^\x20-\x7e]/gu, (letter) => `\\u{${letter.codePointAt(0)?.toString(16)}}`)
    .replace(/[{$](?=\{)/g, '$& ');
}

/** As the CDK writes it: a space before, a comma and the end of the line behind. */
function bytesIn(lines: Lines): number {
  return JSON.stringify(lines, null, 2).length;
}
