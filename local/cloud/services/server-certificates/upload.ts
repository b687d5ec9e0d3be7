import { randomBytes } from 'node:crypto';
import type {
  UploadServerCertificateCommandInput,
  UploadServerCertificateResponse,
} from '@aws-sdk/client-iam';
import { globalArnOf } from '../../wire/arn.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import type { AcmCertificate } from '../acm/certificate.ts';
import { timeline } from '../timeline.ts';
import { uploadedMaterial } from './material.ts';
import {
  certificatesIn,
  namedAlike,
  type ServerCertificate,
  type ServerCertificatesState,
} from './state.ts';
import { metadataOf } from './views.ts';

const members = [
  'ServerCertificateName',
  'Path',
  'CertificateBody',
  'PrivateKey',
  'CertificateChain',
  'Tags',
] as const;

export function uploadServerCertificate(
  state: ServerCertificatesState,
  input: UploadServerCertificateCommandInput,
  call: Call,
): UploadServerCertificateResponse {
  supportOnly('UploadServerCertificate', input, members);
  const { ServerCertificateName = '', Path = '/', Tags = [] } = input;
  checkName(ServerCertificateName, Path);
  const tags = checkedTags(Tags);
  const now = state.clock.now();
  const material = uploadedMaterial(input, now);
  if (namedAlike(state, ServerCertificateName, call)) {
    const message = `The Server Certificate with name ${ServerCertificateName} already exists.`;
    throw new AwsError('EntityAlreadyExists', message, 409);
  }
  if (certificatesIn(state, call).length >= state.maxCertificates) {
    const message = `Cannot exceed quota for ServerCertificatesPerAccount: ${state.maxCertificates}`;
    throw new AwsError('LimitExceeded', message, 409);
  }
  const arn = globalArnOf('iam', call, `server-certificate${Path}${ServerCertificateName}`);
  const { account, region } = call;
  const times = { createdAt: now, importedAt: now, material: timeline(material, now) };
  const served: AcmCertificate = {
    ...{ arn, account, region, ...times },
    type: 'IMPORTED',
    tags: new Map(),
  };
  const id = `ASCA${randomBytes(8).toString('hex').toUpperCase()}`;
  const made: ServerCertificate = { name: ServerCertificateName, path: Path, id, served, tags };
  state.held.set(arn, made);
  return {
    ServerCertificateMetadata: metadataOf(made),
    ...(Tags.length > 0 && { Tags: [...Tags] }),
  };
}

/** The patterns of `serverCertificateNameType` and `pathType` in the API model. */
function checkName(name: string, path: string): void {
  if (!/^[\w+=,.@-]{1,128}$/.test(name)) throw invalidMember('serverCertificateName');
  const isPath = path.length <= 512 && /^(\u002F|\u002F[\u0021-\u007E]+\u002F)$/.test(path);
  if (!isPath) throw invalidMember('path');
}

function invalidMember(member: string): AwsError {
  return new AwsError(
    'ValidationError',
    `1 validation error detected: Value at '${member}' failed to satisfy constraint`,
  );
}

const maxTags = 50;

function checkedTags(
  tags: NonNullable<UploadServerCertificateCommandInput['Tags']>,
): ReadonlyMap<string, string> {
  const checked = new Map<string, string>();
  for (const { Key = '', Value = '' } of tags) {
    const isValid = Key !== '' && Key.length <= 128 && Value.length <= 256;
    if (!isValid || Key.startsWith('aws:') || checked.has(Key)) {
      throw new AwsError('InvalidInput', `The tag '${Key}' is not valid.`);
    }
    checked.set(Key, Value);
  }
  if (checked.size <= maxTags) return checked;
  throw new AwsError('LimitExceeded', `A server certificate has at most ${maxTags} tags.`, 409);
}
