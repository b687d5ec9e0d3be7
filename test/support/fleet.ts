/** A configuration for tests: `certificates` is YAML, indented by two. */
export function configText(certificates: string): string {
  return `
home: {account: "123456789012", region: us-east-1}
replicas: [eu-west-1]
issuers:
  local: {type: acme, directory: "https://ca.example/directory", termsOfServiceAgreed: true}
solvers:
  - type: route53
certificates:
${certificates}`;
}

/** The same of a Network Load Balancer. */
export function networkListenerArn(...given: Parameters<typeof listenerArn>): string {
  return listenerArn(...given).replace(':listener/app/', ':listener/net/');
}

/** A listener that the landscape builds, at home unless told: the same `name` and `listener` mean the same one. */
export function listenerArn(
  name: string,
  listener = '1',
  { region, account } = { region: 'us-east-1', account: '123456789012' },
): string {
  const id = Buffer.from(name).toString('hex').padEnd(16, '0').slice(0, 16);
  return `arn:aws:elasticloadbalancing:${region}:${account}:listener/app/${name}/${id}/${listener.padEnd(16, '0')}`;
}
