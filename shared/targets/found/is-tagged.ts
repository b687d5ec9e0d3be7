import type { Conditions } from '#shared/schema/plugin.ts';
import { wantedTag } from './wanted-tag.ts';

/** Allows something only for what asks for a certificate, whatever its id. */
export const isTagged: Conditions = { Null: { [`aws:ResourceTag/${wantedTag}`]: 'false' } };
