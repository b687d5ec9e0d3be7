import { CrossStackReferences, ReferenceStrength } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Makes the stacks in the scope read other stacks' outputs (`Fn::GetStackOutput`) without the custom resources that exports
 * across regions need. Call it before anything is created in the scope.
 */
export function readWeakly(scope: Construct): void {
  CrossStackReferences.of(scope).consume(ReferenceStrength.WEAK);
}
