import { Bucket } from 'aws-cdk-lib/aws-s3';
import { expect, test } from 'vitest';
import { createTestApp } from './synthesized.ts';

test('cdk-nag has no finding in the stack', () => {
  const { app, stack } = createTestApp();
  expect(app.synth().getStackByName(stack.stackName).template).toHaveProperty('Resources');
});

test('a finding of cdk-nag ends the synthesis and says which rule and where', () => {
  const { app, stack } = createTestApp();
  new Bucket(stack, 'careless');
  expect(() => app.synth()).toThrow(/careless[\s\S]*AwsSolutions-S10/);
});
