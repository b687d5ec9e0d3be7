import * as z from 'zod';
import { DeployProblem } from './problem.ts';

const deletion = z.enum(['Delete', 'Retain', 'RetainExceptOnCreate']).default('Delete');

const resourceSchema = z.strictObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DependsOn: z.union([z.string().transform((only) => [only]), z.array(z.string())]).default([]),
  Condition: z.string().optional(),
  DeletionPolicy: deletion,
  UpdateReplacePolicy: deletion,
  /** The CDK and people write metadata; no deployment uses it. */
  Metadata: z.unknown().optional(),
});

const templateSchema = z.strictObject({
  AWSTemplateFormatVersion: z.literal('2010-09-09').optional(),
  Description: z.string().optional(),
  Metadata: z.unknown().optional(),
  Parameters: z
    .record(
      z.string(),
      z.strictObject({
        Type: z.literal('AWS::SSM::Parameter::Value<String>'),
        Default: z.string(),
        Description: z.string().optional(),
      }),
    )
    .default({}),
  Rules: z
    .record(
      z.string(),
      z.strictObject({
        Assertions: z.array(
          z.strictObject({ Assert: z.unknown(), AssertDescription: z.string().default('') }),
        ),
      }),
    )
    .default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Resources: z.record(z.string(), resourceSchema),
  Outputs: z
    .record(
      z.string(),
      z.strictObject({
        Value: z.unknown(),
        Description: z.string().optional(),
        Condition: z.string().optional(),
      }),
    )
    .default({}),
});

/** A CloudFormation template with only known parts. */
export type Template = z.output<typeof templateSchema>;

export type Resource = z.output<typeof resourceSchema>;

/** @throws DeployProblem for every unknown section and attribute */
export function readTemplate(stack: string, text: unknown): Template {
  const parsed = templateSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new DeployProblem(`the template of ${stack}`, z.prettifyError(parsed.error));
}
