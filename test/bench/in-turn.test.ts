import { expect, test } from 'vitest';
import { inTurn } from '../../bench/harness/in-turn.ts';

test('every contestant has every place as often as the others', () => {
  const rounds = [0, 1, 2, 3].map((round) => inTurn(['a', 'b', 'c'], round).join(''));
  expect(rounds).toEqual(['abc', 'bca', 'cab', 'abc']);
});
