import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { parseConfig } from '#shared/config/load-config.ts';
import type { Config } from '#shared/config/schema.ts';
import { createStack } from '../../infra/stack.ts';
import { createApp } from '../../infra/synthesize.ts';

export const egresses = ['none', 'nat-instance', 'nat-gateway'] as const;

/** Two providers, one of them with two accounts, so that a right given to the wrong one shows. */
export const configInput = {
  accounts: {
    sales: { provider: 'callkeeper', unique: 'acme', whash: 'w1', apiak: { secret: 'callkeeper-sales' } },
    support: { provider: 'callkeeper', unique: 'acme', whash: 'w2', apiak: { secret: 'callkeeper-support' } },
    adverts: { provider: 'calltouch', siteId: 12345, apiToken: { secret: 'calltouch-token' }, routeKey: 'main' },
  },
  forms: {
    order: {
      name: 'Order',
      origins: ['https://acme.example'],
      call: ['sales', 'support'],
      track: ['adverts'],
      captcha: { kind: 'turnstile' as const, secret: { secret: 'captcha-key' } },
      minFillSeconds: 3,
    },
  },
};
export const config = parseConfig(configInput);

/** What the stack is made from, where a test wants something else than the config above and no context. */
export type Settings = Partial<Config> & { context?: Record<string, string> };

/** An app with the stack in it and no bundles: what the code is does not matter to the template. */
export function createTestApp({ context = {}, ...changes }: Settings = {}): { app: App; stack: Stack } {
  const { app, stage } = createApp(mkdtempSync(join(tmpdir(), 'ringback-template-')));
  for (const [key, value] of Object.entries(context)) app.node.setContext(key, value);
  const code = () => Code.fromInline('export {}');
  return { app, stack: createStack(app, { config: { ...config, ...changes }, stage, code }) };
}

/** Synthesizes the stack. Throws with cdk-nag's report if it has a finding. */
export function synthesizeTemplate(settings?: Settings): Template {
  return Template.fromStack(createTestApp(settings).stack);
}

/** Properties of the resources of a type, by readable id. */
export function resourcesOf<Properties>(template: Template, type: string): Record<string, Properties> {
  const found = Object.entries(template.findResources(type));
  return Object.fromEntries(found.map(([id, { Properties }]) => [readableId(id), Properties]));
}

/** `leads`, for the logical id `leadsCABF8B63`. */
function readableId(id: string): string {
  return id.replace(/[0-9A-F]{8}$/, '');
}

type Intrinsic = { Ref?: string; 'Fn::GetAtt'?: [string, string]; 'Fn::Join'?: [string, unknown[]] };

/** A value of the template as one text, each reference as `<id>` or `<id.Attribute>`. */
export function readable(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': joined } = value as Intrinsic;
  if (Ref !== undefined) return `<${readableId(Ref)}>`;
  if (attribute !== undefined) return `<${readableId(attribute[0])}.${attribute[1]}>`;
  if (joined !== undefined) return joined[1].map(readable).join(joined[0]);
  throw new Error(`cannot read ${JSON.stringify(value)}`);
}

type Statement = { Effect: string; Action: string | string[]; Resource: unknown };
export type Role = { ManagedPolicyArns?: unknown; Policies?: { PolicyDocument: { Statement: Statement[] } }[] };

/** `Allow action on resource` for each that a role's statements name, sorted. */
export function rightsOf(role: Role | undefined): string[] {
  const statements = role?.Policies?.flatMap(({ PolicyDocument }) => PolicyDocument.Statement) ?? [];
  const rights = statements.flatMap(({ Effect, Action, Resource }) =>
    [Action].flat().flatMap((action) => [Resource].flat().map((on) => `${Effect} ${action} on ${readable(on)}`)),
  );
  return rights.sort();
}
