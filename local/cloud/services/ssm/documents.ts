import type { CreateDocumentCommandInput, CreateDocumentResult } from '@aws-sdk/client-ssm';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { notImplemented } from '../not-implemented.ts';
import { type CommandDocument, keyOf, type SsmState } from './state.ts';

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateDocument.html */
export function createDocument(
  state: SsmState,
  input: CreateDocumentCommandInput,
  call: Call,
): CreateDocumentResult {
  supportOnly('CreateDocument', input, ['Name', 'Content', 'DocumentType', 'DocumentFormat']);
  const { Content = '', DocumentFormat = 'JSON', DocumentType, Name = '' } = input;
  if (DocumentFormat !== 'JSON') throw notImplemented('CreateDocument', DocumentFormat);
  if (DocumentType !== 'Command') throw notImplemented('CreateDocument', `${DocumentType}`);
  if (state.documents.has(keyOf(Name, call))) {
    throw new AwsError('DocumentAlreadyExists', 'The specified document already exists.');
  }
  const { mainSteps = [], parameters = {} } = parsed(Content);
  const lines = mainSteps.flatMap(({ action, inputs }) => {
    if (action !== 'aws:runShellScript') throw notImplemented('CreateDocument', `${action}`);
    return inputs?.runCommand ?? [];
  });
  state.documents.set(keyOf(Name, call), { name: Name, parameters, lines });
  return { DocumentDescription: { Name, Status: 'Active', DocumentType, DocumentFormat } };
}

type Content = Partial<Pick<CommandDocument, 'parameters'>> & {
  readonly mainSteps?: readonly {
    readonly action?: string;
    readonly inputs?: { readonly runCommand?: readonly string[] };
  }[];
};

function parsed(content: string): Content {
  try {
    return JSON.parse(content);
  } catch {
    throw new AwsError('InvalidDocumentContent', 'The content for the document is not valid.');
  }
}

/** A name, or the ARN of a document of this account. @throws AwsError InvalidDocument */
export function documentOf(state: SsmState, name: string, call: Call): CommandDocument {
  const bare = name.replace(/^arn:[a-z-]+:ssm:[a-z0-9-]+:\d{12}:document\//, '');
  const found = state.documents.get(keyOf(bare, call));
  if (found) return found;
  throw new AwsError('InvalidDocument', `Document with name ${name} does not exist.`);
}

/** The values by name, defaults included. @throws AwsError InvalidParameters */
export function parametersFor(
  { parameters }: CommandDocument,
  given: Readonly<Record<string, readonly string[]>>,
): Readonly<Record<string, string>> {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(parameters, name));
  if (unknown !== undefined) throw invalid(`Parameter ${unknown} is not defined in the document.`);
  const values = Object.entries(parameters).map(([name, { allowedPattern, default: usual }]) => {
    const value = given[name]?.[0] ?? usual;
    if (value === undefined) throw invalid(`Parameter ${name} has no value.`);
    if (allowedPattern && !new RegExp(allowedPattern).test(value)) {
      throw invalid(`Parameter ${name} does not match ${allowedPattern}.`);
    }
    return [name, value] as const;
  });
  return Object.fromEntries(values);
}

/** A value is put into the text as it is, whatever a shell makes of it (documents-command-ssm-plugin-reference.html). */
export function scriptOf(
  { lines }: CommandDocument,
  values: Readonly<Record<string, string>>,
): string {
  const filled = (line: string) =>
    line.replaceAll(/\{\{\s*([A-Za-z0-9]+)\s*\}\}/g, (all, name) => values[name] ?? all);
  return lines.map(filled).join('\n');
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameters', message);
}
