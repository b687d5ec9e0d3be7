import { XmlCodec } from '@aws-sdk/core/protocols';
import { FromStringShapeDeserializer } from '@smithy/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import { unknownOperation } from './codec-json.ts';
import { errorXml } from './error-xml.ts';
import type { Codec, ProtocolSettings } from './protocol.ts';
import { membersOf, operationsOf, part, wireError } from './schema.ts';
import type { RunningService } from './service-of.ts';

const settings = {
  timestampFormat: { useTrait: true, default: 5 as const },
  httpBindings: false,
  xmlNamespace: '',
  serviceNamespace: '',
};

/** awsQuery: a form as input, XML as output. The SDK cannot read such forms, so `read` walks the schema itself. */
export function queryCodec(service: RunningService, { xmlNamespace }: ProtocolSettings): Codec {
  const operations = operationsOf(service);
  const xml = new XmlCodec(settings);
  const headers = { 'content-type': 'text/xml' };

  return {
    async read(request) {
      const form = new URLSearchParams(Buffer.from(request.body).toString());
      for (const [name, value] of request.query) form.append(name, value);
      const name = form.get('Action') ?? '';
      const operation = operations.get(name);
      if (!operation) throw unknownOperation(name);
      return { operation: name, input: readNode(operation.input, treeOf(form)) ?? {} };
    },
    answer(name, output) {
      const schema = operations.get(name)?.output;
      let result = '';
      if (schema?.isStructSchema()) {
        const serializer = xml.createSerializer();
        serializer.write(part(schema, `${name}Result`).schema, output ?? {});
        result = String(serializer.flush());
      }
      const metadata = '<ResponseMetadata><RequestId>local</RequestId></ResponseMetadata>';
      const body = `<${name}Response xmlns="${xmlNamespace}">${result}${metadata}</${name}Response>`;
      return { status: 200, headers, body };
    },
    error(error) {
      const modelled = wireError(service, error.code);
      const code = modelled?.code ?? error.code;
      const status = error.status === 400 ? (modelled?.status ?? 400) : error.status;
      const inner = errorXml(code, error.message, 'Sender');
      return {
        status,
        headers,
        body: `<ErrorResponse xmlns="${xmlNamespace}">${inner}<RequestId>local</RequestId></ErrorResponse>`,
      };
    },
  };
}

/** `Certificates.member.1.CertificateArn=x` as a tree, with one level per dot. */
type Node = { value?: string; readonly children: Map<string, Node> };

function treeOf(form: URLSearchParams): Node {
  const root: Node = { children: new Map() };
  for (const [name, value] of form) {
    let node = root;
    for (const step of name.split('.')) {
      const next: Node = node.children.get(step) ?? { children: new Map() };
      node.children.set(step, next);
      node = next;
    }
    node.value = value;
  }
  return root;
}

const strings = new FromStringShapeDeserializer(settings);

function readNode(schema: NormalizedSchema, node: Node | undefined): unknown {
  if (!node || schema.isUnitSchema()) return undefined;
  if (schema.isStructSchema()) return readStruct(schema, node);
  if (schema.isListSchema()) return readList(schema, node);
  if (schema.isMapSchema()) return readMap(schema, node);
  return node.value === undefined ? undefined : strings.read(schema, node.value);
}

function readStruct(schema: NormalizedSchema, node: Node): Record<string, unknown> {
  const members = membersOf(schema).map(([name, member]) => {
    const wireName = member.getMergedTraits().xmlName ?? name;
    return [name, readNode(member, node.children.get(wireName))] as const;
  });
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

function readList(schema: NormalizedSchema, node: Node): unknown[] {
  const item = schema.getValueSchema();
  return numbered(schema, node, item.getMergedTraits().xmlName ?? 'member').map((child) =>
    readNode(item, child),
  );
}

function readMap(schema: NormalizedSchema, node: Node): Record<string, unknown> {
  const [key, value] = [schema.getKeySchema(), schema.getValueSchema()];
  const entries = numbered(schema, node, 'entry').map((child) => [
    child.children.get(key.getMergedTraits().xmlName ?? 'key')?.value ?? '',
    readNode(value, child.children.get(value.getMergedTraits().xmlName ?? 'value')),
  ]);
  return Object.fromEntries(entries);
}

function numbered(schema: NormalizedSchema, node: Node, step: string): Node[] {
  const holder = schema.getMergedTraits().xmlFlattened ? node : node.children.get(step);
  return [...(holder?.children ?? [])]
    .sort(([left], [right]) => Number(left) - Number(right))
    .map(([, child]) => child);
}
