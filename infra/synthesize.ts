import { App, Validations } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { AwsSolutionsChecks } from 'cdk-nag';
import { environments, type FunctionName } from '#shared/config/environment.ts';
import type { Config } from '#shared/config/schema.ts';
import { parseStage } from '#shared/config/stage.ts';
import { bundleFunctions } from './bundle.ts';
import { createStack } from './stack.ts';

/** Set here and not in cdk.json, so that the local host synthesizes what a deploy does. */
const context = {
  // cdk-nag's findings end the synthesis with an error that holds the report; else they would only set an exit code.
  '@aws-cdk/core:appMode': 'inmemory',
  // Each function's metadata names the folder of the assembly that is its code.
  'aws:cdk:enable-asset-metadata': true,
};

/** An app that cdk-nag checks whenever it is synthesized. Its stage is the CDK context `stage`, else `dev`. */
export function createApp(outdir: string): { app: App; stage: string } {
  const app = new App({ outdir, autoSynth: false, analyticsReporting: false, treeMetadata: false, context });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return { app, stage: parseStage(app.node.tryGetContext('stage') ?? 'dev', 'the context "stage"') };
}

/**
 * Bundles every function and synthesizes the stack into `outdir`, without the CDK command line, credentials or network.
 * The code of a function is the assembly's folder that its `aws:asset:path` metadata names.
 * Rejects with ConfigError, esbuild's BuildFailure, or the report of cdk-nag's findings.
 */
export async function synthesize(config: Config, outdir: string): Promise<CloudAssembly> {
  const { app, stage } = createApp(outdir);
  const names = Object.keys(environments) as FunctionName[];
  const folders = await bundleFunctions(names, config, outdir);
  createStack(app, { config, stage, code: (name) => Code.fromAsset(folders[name]) });
  return app.synth();
}
