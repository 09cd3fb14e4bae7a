import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Ids of the processes that this one has started and that still run. */
export async function childProcesses(parent: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,stat=']);
  return stdout.split('\n').flatMap((line) => {
    const [pid, ppid, state = ''] = line.trim().split(/ +/);
    return Number(ppid) === parent && !state.startsWith('Z') ? [Number(pid)] : [];
  });
}

/** As `kill -9`. A process that has ended meanwhile is none to kill: false. */
export function killProcess(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}
