import * as z from 'zod';

export const templateSchema = z.object({
  Parameters: z.record(z.string(), z.object({ Default: z.unknown() })).default({}),
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Properties: z.record(z.string(), z.unknown()).default({}),
      Metadata: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
});

/** A synthesized CloudFormation template, as far as the local host reads it. */
export type Template = z.output<typeof templateSchema>;

/** What the stack's region, account and queue addresses come to on this machine. */
export type Place = { region: string; accountId: string; queueOrigin: string };

/** Replaces Ref, Fn::GetAtt, Fn::Join and Fn::Sub within a value. Throws on any other function: nothing is guessed. */
export type Resolve = (value: unknown) => unknown;

const nameProperties: Record<string, string> = {
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::Scheduler::Schedule': 'Name',
};

const arnPrefixes: Record<string, string> = {
  'AWS::Lambda::Function': 'function:',
  'AWS::DynamoDB::Table': 'table/',
  'AWS::DynamoDB::GlobalTable': 'table/',
};

export function createResolve(template: Template, place: Place): Resolve {
  const pseudo: Record<string, string> = {
    'AWS::Region': place.region,
    'AWS::AccountId': place.accountId,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'localhost',
    'AWS::StackName': 'ringback',
  };

  function nameOf(id: string): string {
    const { Type, Properties } = resourceOf(id);
    const name = String(resolve(Properties[nameProperties[Type] ?? ''] ?? id));
    // The one kind of name that has no capitals.
    return Type === 'AWS::S3::Bucket' ? name.toLowerCase() : name;
  }

  function resourceOf(id: string) {
    const resource = template.Resources[id];
    if (resource === undefined) throw new Error(`the template refers to "${id}", which it does not have`);
    return resource;
  }

  function reference(id: string): unknown {
    if (id in pseudo) return pseudo[id];
    if (id in template.Parameters) return template.Parameters[id]?.Default;
    const isQueue = resourceOf(id).Type === 'AWS::SQS::Queue';
    return isQueue ? `${place.queueOrigin}/${place.accountId}/${nameOf(id)}` : nameOf(id);
  }

  function attribute(id: string, name: string): string {
    const { Type } = resourceOf(id);
    if (name.endsWith('Name')) return nameOf(id);
    // Whatever the egress, what leaves this host leaves from this machine.
    if (name === 'PublicIp') return '127.0.0.1';
    if (name !== 'Arn') throw new Error(`the local host does not know ${name} of ${id} (${Type})`);
    const service = Type.split('::')[1]?.toLowerCase();
    return `arn:aws:${service}:${place.region}:${place.accountId}:${arnPrefixes[Type] ?? ''}${nameOf(id)}`;
  }

  function substitute(text: string, variables: Record<string, unknown>): string {
    return text.replaceAll(/\$\{([^!}][^}]*)\}/g, (_match, key: string) => {
      if (key in variables) return String(resolve(variables[key]));
      const [id = '', name] = key.split('.', 2);
      return String(name === undefined ? reference(id) : attribute(id, name));
    });
  }

  const functions: Record<string, (argument: never) => unknown> = {
    Ref: (id: string) => reference(id),
    'Fn::GetAtt': ([id, name]: [string, string]) => attribute(id, name),
    'Fn::Join': ([separator, parts]: [string, unknown[]]) => parts.map(resolve).join(separator),
    'Fn::Sub': (argument: string | [string, Record<string, unknown>]) =>
      typeof argument === 'string' ? substitute(argument, {}) : substitute(...argument),
  };

  function resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [key = '', argument] = entries.length === 1 ? (entries[0] ?? []) : [];
    const apply = functions[key];
    if (apply) return apply(argument as never);
    if (key.startsWith('Fn::')) throw new Error(`the local host cannot read ${key} in the template`);
    return Object.fromEntries(entries.map(([name, part]) => [name, resolve(part)]));
  }

  return resolve;
}
