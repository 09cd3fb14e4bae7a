import type { WriteStream } from 'node:tty';

const barWidth = 24;

/** One line that is written over, on a terminal; nothing where nobody watches. The empty text clears it. */
export function createProgress(stream: Pick<WriteStream, 'isTTY' | 'columns' | 'write'>): (text: string) => void {
  return (text) => {
    if (!stream.isTTY) return;
    stream.write(`\r\u001b[2K${text.slice(0, Math.max(0, stream.columns - 1))}`);
  };
}

/** `███████░░░ 7/10 pull keeper` */
export function progressBar(done: number, total: number, label: string): string {
  const filled = total === 0 ? barWidth : Math.round((barWidth * Math.min(done, total)) / total);
  return `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${done}/${total} ${label}`;
}
