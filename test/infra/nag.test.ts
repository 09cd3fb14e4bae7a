import { Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { expect, test } from 'vitest';
import { createTestApp, egresses } from './synthesized.ts';

test.each(egresses)('cdk-nag has no finding in the stack with egress %s', (egress) => {
  const { app, stack } = createTestApp({ egress });
  expect(app.synth().getStackByName(stack.stackName).template).toHaveProperty('Resources');
});

test('a finding of cdk-nag ends the synthesis and says which rule and where', () => {
  const { app, stack } = createTestApp();
  new Bucket(stack, 'careless');
  expect(() => app.synth()).toThrow(/careless[\s\S]*AwsSolutions-S10/);
});

test.each(egresses)(
  'each finding that is let pass with egress %s is one of these, on one construct, with a reason',
  (egress) => {
    const { stack } = createTestApp({ egress });
    const known = new RegExp(
      [
        '^ringback-dev/(api Annotation::AwsSolutions-APIG4',
        'stats Annotation::AwsSolutions-S1',
        'network Annotation::AwsSolutions-VPC7',
        'network/exitSubnet1/NatInstance Annotation::AwsSolutions-EC2[89]',
        String.raw`(forward-lead|pull-stats)-\w+-role Annotation::AwsSolutions-IAM5\[Resource::\*\]`,
        String.raw`(pull-stats-\w+|operate-stats)-role Annotation::AwsSolutions-IAM5\[Resource::<stats\w+\.Arn>/\w+/\*\])$`,
      ].join('|'),
    );
    const passed = stack.node.findAll().flatMap(({ node }) =>
      node.metadata
        .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
        .flatMap(({ data }) => Object.entries(data as Record<string, string>))
        .filter(([rule]) => rule.includes('AwsSolutions'))
        .map(([rule, reason]) => [`${node.path} ${rule}`, reason] as const),
    );
    expect(passed.length).toBeGreaterThan(0);
    for (const [place, reason] of passed) {
      expect(place).toMatch(known);
      expect(reason).toMatch(/\w+ \w+ \w+.*\.$/);
    }
  },
);
