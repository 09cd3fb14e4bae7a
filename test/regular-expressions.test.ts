import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseSync, Visitor } from 'oxc-parser';
import { analyse } from 'scslre';
import { describe, expect, test } from 'vitest';

// Everything that runs in the cloud: what a visitor sends, what a provider answers and what an operator asks passes through it.
const folders = '{functions,shared}/**/*.ts';
const root = fileURLToPath(new URL('..', import.meta.url));

type Found = { place: string; source: string; flags: string };

async function findAll() {
  const found: Found[] = [];
  const built: string[] = [];
  for await (const file of glob(folders, { cwd: root })) {
    const { program, errors } = parseSync(file, readFileSync(root + file, 'utf8'));
    expect(errors).toEqual([]);
    new Visitor({
      Literal(node) {
        if ('regex' in node && node.regex)
          found.push({ place: file, source: node.regex.pattern, flags: node.regex.flags });
      },
      NewExpression({ callee }) {
        if (callee.type === 'Identifier' && callee.name === 'RegExp') built.push(file);
      },
      CallExpression({ callee }) {
        if (callee.type === 'Identifier' && callee.name === 'RegExp') built.push(file);
      },
    }).visit(program);
  }
  return { found, built };
}

const { found, built } = await findAll();

/** What makes an expression slower than in proportion to its text, with a character to attack it with. */
function weaknesses({ source, flags }: Pick<Found, 'source' | 'flags'>): string[] {
  return analyse({ source, flags }).reports.map(
    ({ type, exponential, character }) =>
      `${exponential ? 'exponential' : 'polynomial'} ${type}: ${character.literal.source}`,
  );
}

describe('no regular expression of the form can be made to backtrack', () => {
  test('the check knows a bad one', () => {
    expect(weaknesses({ source: '^(?:a+)+$', flags: '' })).toEqual([expect.stringMatching(/^exponential/)]);
    expect(weaknesses({ source: '\\s+$', flags: '' })).toEqual([expect.stringMatching(/^polynomial/)]);
  });

  test('there are some', () => {
    expect(found.length).toBeGreaterThan(25);
  });

  test.each(found)('$place: /$source/$flags', (expression) => {
    expect(weaknesses(expression)).toEqual([]);
  });

  test('and none is put together while the program runs, but for one on the page that holds no text of a visitor', () => {
    expect(built).toEqual(['functions/serve-helper/page/main.ts']);
  });
});
