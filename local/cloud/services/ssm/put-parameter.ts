import type { PutParameterCommandInput, PutParameterResult } from '@aws-sdk/client-ssm';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { notImplemented } from '../not-implemented.ts';
import { canonical, checkName, invalid } from './names.ts';
import { keyOf, type Parameter, parametersOf, type SsmState } from './state.ts';

/** Standard parameters (parameter-store-advanced-parameters.html). */
const maxValueLength = 4_096;
const keptVersions = 100;

export function putParameter(
  state: SsmState,
  input: PutParameterCommandInput,
  call: Call,
): PutParameterResult {
  checkInput(input, call);
  const name = canonical(input.Name ?? '');
  const existing = state.parameters.get(keyOf(name, call));
  const parameter = existing ? overwritten(existing, input) : created(state, name, input, call);
  const version = (existing?.versions.at(-1)?.version ?? 0) + 1;
  const latest = { version, value: input.Value ?? '', modifiedAt: state.clock.now() };
  const versions = [...parameter.versions, latest].slice(-keptVersions);
  state.parameters.set(keyOf(name, call), { ...parameter, versions });
  return { Version: version, Tier: 'Standard' };
}

function checkInput(input: PutParameterCommandInput, call: Call): void {
  supportOnly('PutParameter', input, members);
  if (input.Type === 'SecureString') throw notImplemented('PutParameter', 'a SecureString');
  const { Tier: tier = 'Standard', DataType: dataType = 'text' } = input;
  if (tier !== 'Standard') throw notImplemented('PutParameter', `the tier ${tier}`);
  if (dataType !== 'text') throw notImplemented('PutParameter', `the data type ${dataType}`);
  checkName(input.Name ?? '', call);
  const { Value: value = '' } = input;
  if (value === '') {
    throw invalid(
      "1 validation error detected: Value at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  }
  if (value.length > maxValueLength) {
    throw invalid(
      `Standard tier parameters support a maximum parameter value of ${maxValueLength} characters.`,
    );
  }
  if (value.includes('{{')) {
    throw invalid('Parameter value: nesting parameters is not supported.');
  }
  if (input.Overwrite && input.Tags?.length) {
    throw invalid("Invalid request: tags and overwrite can't be used together.");
  }
}

function overwritten(existing: Parameter, input: PutParameterCommandInput): Parameter {
  if (!input.Overwrite) {
    throw new AwsError(
      'ParameterAlreadyExists',
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    );
  }
  if ((input.Type ?? existing.type) !== existing.type) {
    throw new AwsError(
      'HierarchyTypeMismatchException',
      'Parameter Store does not support changing a parameter type.',
    );
  }
  return existing;
}

function created(
  state: SsmState,
  name: string,
  { Tags = [], Type: type }: PutParameterCommandInput,
  call: Call,
): Parameter {
  if (!type) throw invalid('A parameter type is required when you create a parameter.');
  if (type !== 'String' && type !== 'StringList') {
    throw new AwsError('UnsupportedParameterType', `The parameter type ${type} is not supported.`);
  }
  if (parametersOf(state, call).length >= state.maxParameters) {
    throw new AwsError(
      'ParameterLimitExceeded',
      'You have exceeded the number of parameters for this Amazon Web Services account.',
    );
  }
  const { account, region } = call;
  const tags = new Map(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
  return { name, account, region, type, versions: [], tags };
}

const members = [
  'Name',
  'Value',
  'Type',
  'Description',
  'Overwrite',
  'Tags',
  'Tier',
  'DataType',
] as const;
