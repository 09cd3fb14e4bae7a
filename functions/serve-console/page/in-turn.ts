/** Long enough that all cards of a page together ask less often than the API lets one operator. */
const apartMs = 250;

let last: Promise<unknown> = Promise.resolve();

/** Does the works of all cards one after the other, a little apart. */
export function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  const mine = last.then(work);
  // Who waits for this one is told of its failure; the next card's turn comes all the same.
  last = mine.catch(() => {}).then(() => wait(apartMs));
  return mine;
}

export function wait(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
