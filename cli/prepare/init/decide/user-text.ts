/** Says what an ARN of ACM's InUseBy is: `CloudFront distribution E123`, `Network Load Balancer web`. */
export function userText(arn: string): string {
  const [, , service = '', region = '', , ...rest] = arn.split(':');
  const resource = rest.join(':');
  const [, kind, name] = /^loadbalancer\/(?:(app|net|gwy)\/)?([^/]+)/.exec(resource) ?? [];
  const where = region === '' ? '' : ` (${region})`;
  if (name !== undefined) return `${balancers[kind ?? ''] ?? 'load balancer'} ${name}${where}`;
  const last = resource.split('/').at(-1) ?? resource;
  if (service === 'cloudfront') return `CloudFront distribution ${last}`;
  if (service === 'apigateway') return `API Gateway domain ${last}${where}`;
  return `${service} ${last}${where}`;
}

const balancers: Readonly<Record<string, string>> = {
  '': 'Classic Load Balancer',
  app: 'Application Load Balancer',
  net: 'Network Load Balancer',
};
