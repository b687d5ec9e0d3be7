/** An error as the SDK's generator writes it, without a trait of its own. */
const errorClass =
  /^export class (\w+) extends __BaseException \{\s+(?:static shapeId = "([\w.]+)#\1";\s+)?name = "\1";\s+\$fault = "(\w+)";\s+(?:\w+;\s+)*constructor\(opts\) \{\s+super\(\{\s+name: "\1",\s+\$fault: "\3",\s+\.\.\.opts,\s+\}\);\s+Object\.setPrototypeOf\(this, \1\.prototype\);\s+((?:this\.\w+ = opts\.\w+;\s+)*)\}\s+\}$/gm;

/**
 * A client registers all errors of its service, whatever it calls, as classes of the same 200 bytes. Here one
 * function makes them, each with the name, fault, id and members it had.
 */
export function withShortErrors(source: string): string {
  const [, namespace = ''] = /static shapeId = "([\w.]+)#/.exec(source) ?? [];
  const short = source.replace(errorClass, (whole, name, own = '', fault, assignments) => {
    if (own !== namespace) return whole;
    const members = [...assignments.matchAll(/this\.(\w+) = opts\.\1;/g)].map(([, each]) => each);
    const given = [name, fault, ...members].map((each) => JSON.stringify(each));
    return `export const ${name} = errorClass(${given});`;
  });
  return short === source ? source : `${short}\n${maker(namespace)}`;
}

/**
 * Schemas without the errors of their service (140 of SSM, of which two calls see a few). In a JSON protocol the
 * answer names its error, and what no class is registered for is the client's own exception with that name and
 * message. Not of SQS and the query protocols: there the class makes the name of the code.
 */
export function withoutErrors(source: string): string {
  return source.replace(/^n0_registry\.registerError\(.+\);$/gm, '');
}

function maker(namespace: string): string {
  return `function errorClass(name, $fault, ...members) {
  const made = class extends __BaseException {
    name = name;
    $fault = $fault;
    constructor(opts) {
      super({ name, $fault, ...opts });
      Object.setPrototypeOf(this, made.prototype);
      for (const member of members) this[member] = opts[member];
    }
  };
  ${namespace && `made.shapeId = ${JSON.stringify(`${namespace}#`)} + name;`}
  return made;
}
`;
}
