/** The contestants of a round: each round begins with another one, so that no place is always the same one's. */
export function inTurn<Contestant>(contestants: readonly Contestant[], round: number): Contestant[] {
  const first = round % contestants.length;
  return [...contestants.slice(first), ...contestants.slice(0, first)];
}
