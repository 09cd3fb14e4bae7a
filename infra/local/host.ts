import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import type { Config } from '#shared/config/schema.ts';
import { providerNamed } from '#shared/providers/registry.ts';
import { accountId, region } from './aws.ts';
import { startBuckets } from './buckets.ts';
import { startDatabase } from './database.ts';
import { createDemo } from './demo/demo.ts';
import { fetchLeads } from './demo/state.ts';
import { startEventSource } from './event-source.ts';
import { functionEnvironment, type Services } from './function-environment.ts';
import { type Functions, startFunctions } from './functions.ts';
import { createHttpApi } from './http-api.ts';
import { type Template, templateSchema } from './intrinsics.ts';
import { close, listen } from './listen.ts';
import { localSecrets } from './local-secrets.ts';
import { givenOrigin, type LocalEnv, localToken } from './provider-settings.ts';
import { startQueues } from './queues.ts';
import { createScheduler } from './scheduler.ts';
import { captchaOrigins, type SimulatedCaptcha, startSimulatedCaptchas } from './simulated-captchas.ts';
import { type SimulatedProvider, startSimulatedProviders } from './simulated-providers.ts';
import { createSsm } from './ssm.ts';
import { type FunctionDefinition, readTemplate, type ScheduleDefinition } from './template.ts';

/** What is synthesized from the config: the template, and the folder that its assets are in. */
export type Assembly = { template: Template; folder: string };

export function readAssembly({ stacks, directory }: CloudAssembly): Assembly {
  return { template: templateSchema.parse(stacks[0]?.template), folder: directory };
}

export type HostOptions = {
  config: Config;
  /** Comes last, for it takes longest: what is wrong with ports, secrets or data is told before. */
  synthesize(): Promise<Assembly>;
  dataFolder: string;
  /** 0: a free one. */
  port: number;
  env: LocalEnv;
  /** A line of the host's own, or one that a function wrote. */
  log(line: string): void;
  watch?: Watch;
};

/** Looks at what functions do, from outside. */
export type Watch = {
  /** Stands between the functions and the embedded services. */
  between(services: Services): Promise<Services>;
  /** Called after each invocation, with the milliseconds that it took and the event that it was for. */
  invoked(functionName: string, ms: number, event: unknown): void;
};

export type Host = {
  url: string;
  simulatedProviders: SimulatedProvider[];
  simulatedCaptchas: SimulatedCaptcha[];
  /** Process ids by function, such as for a test that kills one. */
  functionPids(): Record<string, number[]>;
  stop(): Promise<void>;
};

/** Runs the synthesized stack on this machine. Rejects with ConfigError, or with EADDRINUSE when the port is taken. */
export async function startHost(options: HostOptions): Promise<Host> {
  const cleanups = new AsyncDisposableStack();
  try {
    const host = await start(options, cleanups);
    return { ...host, stop: () => cleanups.disposeAsync() };
  } catch (error) {
    await cleanups.disposeAsync();
    throw error;
  }
}

async function start(options: HostOptions, cleanups: AsyncDisposableStack): Promise<Omit<Host, 'stop'>> {
  const { config, port, env, log } = options;
  let answer: RequestListener = (_request, response) => response.writeHead(503).end();
  const server = createServer((request, response) => answer(request, response));
  const url = await listen(server, port);
  cleanups.defer(() => close(server));

  const { queues, database, buckets, simulatedProviders, simulatedCaptchas, ...started } = await startServices(
    options,
    cleanups,
  );
  const services = (await options.watch?.between(started.services)) ?? started.services;
  const { template, folder } = await options.synthesize();
  const stack = readTemplate(template, { region, accountId, queueOrigin: services.queues });
  await queues.create(stack.queues);
  await database.create(stack.tables);
  await buckets.create(stack.buckets);

  const environmentOf = (definition: FunctionDefinition) =>
    functionEnvironment(definition, services, {
      provider: originFor(definition, simulatedProviders, env),
      captchas: captchaOrigins(simulatedCaptchas, env),
    });
  const functions = startFunctions(stack.functions, folder, environmentOf, log, options.watch?.invoked);
  cleanups.defer(() => functions.stop());
  await functions.warm();

  const demo = createDemo({
    forms: config.forms,
    simulators: simulatedProviders.map(({ simulator }) => simulator),
    readLeads: () => fetchLeads(url, localToken(env)),
    clock: Date.now,
    log,
  });
  answer = createHttpApi({ routes: stack.routes, invoke: functions.invoke, other: demo, clock: Date.now, log });
  for (const mapping of stack.mappings) {
    const source = startEventSource({ mapping, client: queues.client, invoke: functions.invoke, log });
    cleanups.defer(() => source.stop());
  }
  cleanups.defer(runSchedules(stack.schedules, functions.invoke, log));
  return { url, simulatedProviders, simulatedCaptchas, functionPids: functions.pids };
}

/** Where a function's provider is on this machine; undefined for one without, or whose accounts bring their own address. */
function originFor({ environment }: FunctionDefinition, simulated: SimulatedProvider[], env: LocalEnv) {
  const name = environment['PROVIDER'];
  if (name === undefined) return undefined;
  const simulation = simulated.find(({ simulator }) => simulator.provider === name);
  return simulation?.origin ?? givenOrigin(providerNamed(name), env);
}

function runSchedules(schedules: ScheduleDefinition[], invoke: Functions['invoke'], log: (line: string) => void) {
  const run = ({ functionName, input }: ScheduleDefinition) => {
    invoke(functionName, input).catch((error: Error) => log(`${functionName} failed: ${error.message}`));
  };
  const scheduler = createScheduler(schedules, run, Date.now);
  const timer = setInterval(() => scheduler.tick(), 1_000);
  return () => clearInterval(timer);
}

async function startServices({ config, dataFolder, env }: HostOptions, cleanups: AsyncDisposableStack) {
  const secrets = await localSecrets(config, env);
  const database = await startDatabase(join(dataFolder, 'dynamodb'));
  cleanups.defer(() => database.stop());
  const queues = await startQueues();
  cleanups.defer(() => queues.stop());
  const buckets = await startBuckets(join(dataFolder, 's3'));
  cleanups.defer(() => buckets.stop());
  const ssm = createSsm(secrets);
  const ssmOrigin = await listen(ssm);
  cleanups.defer(() => close(ssm));
  const simulatedProviders = await startSimulatedProviders(config, env, join(dataFolder, 'simulators'), Date.now);
  const simulatedCaptchas = await startSimulatedCaptchas(config, env, secrets, Date.now);
  for (const { stop } of [...simulatedProviders, ...simulatedCaptchas]) cleanups.defer(stop);
  const services: Services = {
    database: database.origin,
    queues: queues.origin,
    buckets: buckets.origin,
    ssm: ssmOrigin,
  };
  return { services, queues, database, buckets, simulatedProviders, simulatedCaptchas };
}
