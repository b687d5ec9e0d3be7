import type {
  DeleteParameterCommandInput,
  DeleteParameterResult,
  GetParameterCommandInput,
  GetParameterResult,
} from '@aws-sdk/client-ssm';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { canonical, type Wanted, wantedBy } from './names.ts';
import { keyOf, type Parameter, type ParameterVersion, type SsmState } from './state.ts';
import { describedParameter } from './views.ts';

export function getParameter(
  state: SsmState,
  input: GetParameterCommandInput,
  call: Call,
): GetParameterResult {
  // WithDecryption has no effect on a parameter that is no SecureString.
  supportOnly('GetParameter', input, ['Name', 'WithDecryption']);
  const wanted = wantedBy(input.Name ?? '');
  const parameter = state.parameters.get(keyOf(wanted.name, call));
  if (!parameter) throw notFound();
  const found = versionOf(parameter, wanted);
  if (found) return { Parameter: describedParameter(parameter, found, wanted, call) };
  const message = `Systems Manager could not find version ${wanted.version} of ${wanted.name}.`;
  throw new AwsError('ParameterVersionNotFound', message);
}

export function deleteParameter(
  state: SsmState,
  { Name = '' }: DeleteParameterCommandInput,
  call: Call,
): DeleteParameterResult {
  if (!state.parameters.delete(keyOf(canonical(Name), call))) throw notFound();
  return {};
}

function versionOf({ versions }: Parameter, { version }: Wanted): ParameterVersion | undefined {
  return version === null ? versions.at(-1) : versions.find((each) => each.version === version);
}

function notFound(): AwsError {
  // The service answers without a message.
  return new AwsError('ParameterNotFound', '');
}
