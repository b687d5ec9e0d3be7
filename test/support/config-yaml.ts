import type { ConfigProblem } from '#shared/config-file/messages/problem.ts';
import { type ConfigReading, parseConfig } from '#shared/config-file/parse.ts';

const listener =
  'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2';

/** A healthy file; each test replaces one part of it. */
export const healthyParts = {
  home: 'home: {account: "123456789012", region: us-east-1}',
  replicas: 'replicas: [eu-west-1]',
  alerts: 'alerts: {email: [ops@certkeep.dev]}',
  issuers:
    'issuers: {letsencrypt: {type: acme, directory: https://ca.example.com/directory, termsOfServiceAgreed: true}}',
  solvers: 'solvers: [{type: route53}]',
  certificates: certificatesYaml({ shop: {} }),
  retired: '',
};

export function configYaml(parts: Partial<typeof healthyParts> = {}): string {
  return `${Object.values({ ...healthyParts, ...parts }).join('\n')}\n`;
}

type Fields = { names?: string; issuer?: string; key?: string; targets?: string; more?: string };

/** The block of certificates; a field is YAML, and an empty one is left out. */
export function certificatesYaml(certificates: Record<string, Fields>): string {
  const blocks = Object.entries(certificates).map(([id, fields]) => {
    const { more = '', ...rest } = {
      names: '[shop.example.com]',
      issuer: 'letsencrypt',
      key: 'ecdsa-p256',
      targets: '[]',
      ...fields,
    };
    const lines = Object.entries(rest)
      .filter(([, text]) => text !== '')
      .map(([field, text]) => `    ${field}: ${text}`);
    return [`  ${id}:`, ...lines, ...(more ? [`    ${more}`] : [])].join('\n');
  });
  return ['certificates:', ...blocks].join('\n');
}

export function albYaml(certificate: 'default' | 'sni' | 'both', arn = listener): string {
  return `{type: alb, listener: "${arn}", certificate: ${certificate}}`;
}

export function nlbYaml(
  certificate: 'default' | 'sni' | 'both',
  arn = listener.replace('/app/', '/net/'),
): string {
  return `{type: nlb, listener: "${arn}", certificate: ${certificate}}`;
}

export function problemsOf(text: string): readonly ConfigProblem[] {
  const reading = parseConfig(text);
  return reading.ok ? [] : reading.problems;
}

/** The problems of a file whose certificate `shop` has these fields. */
export function shopProblems(fields: Fields): readonly ConfigProblem[] {
  return problemsOf(configYaml({ certificates: certificatesYaml({ shop: fields }) }));
}

export function parsed(text: string): Extract<ConfigReading, { ok: true }> {
  const reading = parseConfig(text);
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems, null, 2));
  return reading;
}
