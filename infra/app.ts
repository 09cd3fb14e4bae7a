import { loadConfig } from '#shared/config/load-config.ts';
import { ConfigError } from '#shared/errors.ts';
import { refuseLocalOnly } from './local-only.ts';
import { synthesize } from './synthesize.ts';

try {
  const config = await loadConfig(process.env['RINGBACK_CONFIG']);
  refuseLocalOnly(config);
  await synthesize(config, process.env['CDK_OUTDIR'] ?? 'cdk.out');
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
