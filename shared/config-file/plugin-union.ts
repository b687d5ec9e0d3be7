import * as z from 'zod';
import { hints } from '#shared/schema/hints.ts';

type Spec = {
  readonly schema: z.ZodObject;
  readonly summary: string;
  readonly example: Readonly<Record<string, unknown>>;
};
type SchemaOf<Specs extends Record<string, Spec>> = Specs[keyof Specs]['schema'];
type Extended<Schema, Extra extends z.ZodRawShape> =
  Schema extends z.ZodObject<infer Shape, infer Mode>
    ? z.ZodObject<z.util.Extend<Shape, Extra>, Mode>
    : never;

/** One schema for all plugins of a kind, distinguished by `type`; `extra` fields belong to every one. */
export function pluginUnion<
  Specs extends Record<string, Spec>,
  Extra extends z.ZodRawShape = Record<never, never>,
>(specs: Specs, extra?: Extra) {
  const options = Object.values(specs).map((spec) =>
    // Extending creates a new schema, so that the hint does not go to the plugin's own.
    spec.schema
      .extend(extra ?? {})
      .describe(spec.summary)
      .register(hints, { example: spec.example }),
  );
  // The compiler cannot type a list made from an object's values, so the types are restored by hand.
  type Option = Extended<SchemaOf<Specs>, Extra> & z.core.$ZodTypeDiscriminable;
  return z.discriminatedUnion('type', options as unknown as [Option, ...Option[]]);
}
