/** A policy as IAM accepts it; the simulator checks everything beyond this shape. */
type Document = {
  readonly Version?: string;
  readonly Statement?: Statement | readonly Statement[];
};
type Statement = {
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};

/** The part of a policy that concerns one action. */
type Excerpt = {
  /** Only the statements about the action; null where there are none. */
  readonly document: object | null;
  /** The context keys in those statements, in lower case. */
  readonly keys: ReadonlySet<string>;
};

export type Policy = {
  /** Policies with the same text have the same id, so that a decision is valid for all of them. */
  readonly id: number;
  readonly document: object;
  about(action: string): Excerpt;
};

/** Each world brings its own policies; a forgotten one is parsed again. */
const mostRemembered = 1_000;
const remembered = new Map<string, Policy>();
let lastId = 0;

export function policyOf(document: object): Policy {
  const text = JSON.stringify(document);
  const known = remembered.get(text);
  if (known) return known;
  if (remembered.size >= mostRemembered) remembered.clear();
  const policy = readPolicy(document as Document);
  remembered.set(text, policy);
  return policy;
}

function readPolicy({ Version, Statement = [] }: Document): Policy {
  const statements = [Statement].flat().map(spelled);
  const excerpts = new Map<string, Excerpt>();
  lastId += 1;
  return {
    id: lastId,
    document: { Version, Statement: statements },
    about(action) {
      const known = excerpts.get(action);
      if (known) return known;
      const about = statements
        .filter((statement) => isAbout(statement, action))
        .map((statement) => withResources(statement, action));
      const excerpt: Excerpt = {
        document: about.length > 0 ? { Version, Statement: about } : null,
        keys: new Set(about.flatMap(keysIn)),
      };
      excerpts.set(action, excerpt);
      return excerpt;
    },
  };
}

/** Leaves a statement with `NotAction` to the simulator. */
function isAbout({ Action }: Statement, action: string): boolean {
  if (Action === undefined) return true;
  return [Action].flat().some((pattern) => wildcard(pattern).test(action));
}

function withResources(statement: Statement, action: string): Statement {
  const { Resource } = statement;
  if (Resource === undefined) return statement;
  return { ...statement, Resource: [Resource].flat().map((arn) => spelledResource(action, arn)) };
}

/**
 * iam-data 0.21 has one list for both ELB APIs, in which only load balancers have tags. So policies and requests use an ARN
 * of that form when the action concerns the tags of a listener or a rule.
 */
export function spelledResource(action: string, arn: string): string {
  if (action !== 'elasticloadbalancing:AddTags') return arn;
  return arn.replace(/:(listener|listener-rule)\//, ':loadbalancer/$1/');
}

function wildcard(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'i');
}

function keysIn(statement: Statement): readonly string[] {
  const conditions = Object.values(statement.Condition ?? {}).flatMap(Object.keys);
  const variables = [...JSON.stringify(statement).matchAll(/\$\{([^},]+)/g)].map(([, key]) => key);
  return [...conditions, ...variables].map((key) => String(key).trim().toLowerCase());
}

function spelled(statement: Statement): Statement {
  const { Condition } = statement;
  if (!Condition) return statement;
  const respelled = Object.entries(Condition).map(([operator, tests]) => [
    operator,
    Object.fromEntries(Object.entries(tests).map(([key, value]) => [spelledKey(key), value])),
  ]);
  return { ...statement, Condition: Object.fromEntries(respelled) };
}

/**
 * iam-simulate 0.1.173 recognizes keys with a variable part only by a slash, and iam-data has the tag keys of two services
 * only under the name `tag-key`, so it would drop all of these. Policies and requests use a key instead that it knows for
 * the same actions and resources.
 */
export function spelledKey(key: string): string {
  return key
    .replace(/^kms:EncryptionContext:/i, 'aws:ResourceTag/kms:EncryptionContext:')
    .replace(/^(?:secretsmanager|ssm):ResourceTag\//i, 'aws:ResourceTag/');
}
