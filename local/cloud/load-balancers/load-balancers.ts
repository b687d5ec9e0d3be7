import { randomBytes, randomInt } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { domainOf } from '../region.ts';
import { type Balancer, balancer, type ListenerOptions } from './balancer.ts';
import type { ListenerCertificates } from './certificate-choice.ts';
import { nodeAddresses } from './nodes.ts';
import { tlsContexts } from './tls-contexts.ts';

export type LoadBalancersOptions = {
  readonly clock: Clock;
  /** The time until a change of certificates reaches each node; the last value applies to all further nodes. */
  readonly spreadMs?: readonly number[];
};

type NewBalancer = {
  /** Application load balancers and Classic ELBs have names of one form. */
  readonly type?: 'application' | 'network';
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly internal: boolean;
  /** Given by a service whose endpoints have names of another form. */
  readonly dnsName?: string;
  /** Where changes take another time there than on load balancers. */
  readonly spreadMs?: readonly number[];
};

/** Load balancers that really listen. The ELB services set what they serve; tests may break them by name. */
export type LoadBalancers = {
  /** Returns the DNS name of the new balancer. */
  add(options: NewBalancer): Promise<string>;
  remove(arn: string): Promise<void>;
  listen(arn: string, listener: ListenerOptions): Promise<void>;
  unlisten(arn: string, port: number): Promise<void>;
  /**
   * For the DNS server: the addresses behind a balancer's name in any case, or null. An internal balancer has an address
   * there at which nothing listens, as nobody outside of its network reaches the private ones that DNS shows on AWS.
   */
  addresses(dnsName: string): readonly string[] | null;
  /** The same for the DNS server of functions with a network of their own: those reach the nodes of internal ones too. */
  insideAddresses(dnsName: string): readonly string[] | null;
  /** The node addresses of a balancer, by its name. */
  nodes(name: string): readonly string[];
  /** For the CA, which uses port 80 in public: the local port of that balancer's plain HTTP. */
  httpPort(dnsName: string): number | null;
  /** For ACM: the ARNs of the balancers whose listeners had the certificate at `time`. */
  inUseBy(certificateArn: string, time: Date): readonly string[];
  /** The certificates that each TLS listener should serve from now on, by `name:port`. */
  bound(): ReadonlyMap<string, ListenerCertificates>;
  /** Makes every node refuse connections until `reconnect`. */
  isolate(name: string): Promise<void>;
  reconnect(name: string): Promise<void>;
  /** Makes the nodes serve their present certificates, whatever changes, until `unstick`. */
  stick(name: string): void;
  unstick(name: string): void;
  close(): Promise<void>;
};

type Registered = Balancer & {
  readonly name: string;
  readonly dnsName: string;
  readonly isInternal: boolean;
  readonly nodes: readonly string[];
};

/** Nothing here binds it, nor every address of the machine. */
const unreachable = '127.0.0.254';

export function loadBalancers({
  clock,
  spreadMs = [1_000, 3_000],
}: LoadBalancersOptions): LoadBalancers {
  const contexts = tlsContexts();
  const registered = new Map<string, Registered>();

  function at(arn: string): Registered {
    const found = registered.get(arn);
    if (!found) throw new Error(`no balancer has the ARN ${arn}`);
    return found;
  }

  function named(name: string): Registered {
    const found = [...registered.values()].find((each) => each.name === name);
    if (!found) throw new Error(`no balancer is called ${name}`);
    return found;
  }

  function called(dnsName: string): Registered | undefined {
    const asked = dnsName.toLowerCase();
    return [...registered.values()].find((each) => each.dnsName.toLowerCase() === asked);
  }

  return {
    async add(options) {
      const { name, dnsName = newDnsName(options) } = options;
      const nodes = await nodeAddresses();
      const spread = options.spreadMs ?? spreadMs;
      const opened = balancer({ name, clock, nodes, spreadMs: spread, contexts });
      const isInternal = options.internal;
      registered.set(options.arn, { ...opened, name, dnsName, isInternal, nodes });
      return dnsName;
    },
    async remove(arn) {
      const removed = at(arn);
      registered.delete(arn);
      await removed.close();
    },
    listen: async (arn, listener) => at(arn).listen(listener),
    unlisten: async (arn, port) => at(arn).unlisten(port),
    addresses(dnsName) {
      const { isInternal, nodes } = called(dnsName) ?? {};
      return isInternal ? [unreachable] : (nodes ?? null);
    },
    insideAddresses: (dnsName) => called(dnsName)?.nodes ?? null,
    nodes: (name) => named(name).nodes,
    httpPort: (dnsName) => called(dnsName)?.httpPort() ?? null,
    inUseBy: (certificateArn, time) =>
      [...registered].filter(([, each]) => each.uses(certificateArn, time)).map(([arn]) => arn),
    bound: () =>
      new Map(
        [...registered.values()].flatMap((each) =>
          [...each.bound()].map(([port, held]) => [`${each.name}:${port}`, held] as const),
        ),
      ),
    isolate: async (name) => named(name).isolate(),
    reconnect: async (name) => named(name).reconnect(),
    stick: (name) => named(name).stick(),
    unstick: (name) => named(name).unstick(),
    async close() {
      const closing = [...registered.values()];
      registered.clear();
      await Promise.all(closing.map((each) => each.close()));
    },
  };
}

/** The forms of AWS's names: the name, ten digits, the region; or the name, sixteen hexadecimal digits, and the region later. */
function newDnsName({ name, region, internal, type }: NewBalancer): string {
  if (type === 'network') {
    return `${name}-${randomBytes(8).toString('hex')}.elb.${region}.${domainOf(region)}`;
  }
  const host = `${internal ? 'internal-' : ''}${name}-${randomInt(1e9, 1e10)}`;
  return `${host}.${region}.elb.${domainOf(region)}`;
}
