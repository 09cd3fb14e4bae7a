/** Node-RED without its editor, and with nothing that calls home. */
module.exports = {
  uiHost: '127.0.0.1',
  uiPort: 0,
  httpAdminRoot: false,
  disableEditor: true,
  telemetry: { enabled: false, updateNotification: false },
  externalModules: { autoInstall: false, palette: { allowInstall: false }, modules: { allowInstall: false } },
  functionGlobalContext: { fs: require('node:fs/promises') },
  logging: { ready: { level: 'info', handler: sayReady } },
};

/** Says `ready <origin>` once it serves and the flow runs, in whatever order that comes; errors go where errors go. */
function sayReady() {
  const error = 20;
  let origin;
  let isRunning = false;
  return ({ level, msg }) => {
    if (level <= error) process.stderr.write(`${msg}\n`);
    const [, serving] = /^Server now running at (http:\S+)$/.exec(msg) ?? [];
    origin ??= serving;
    isRunning ||= msg === 'Started flows';
    if (origin !== undefined && isRunning) process.stdout.write(`ready ${origin}\n`);
  };
}
