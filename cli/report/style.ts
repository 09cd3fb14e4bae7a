/** The report's looks: cards that stand side by side where there is room, and below each other on a phone. */
export const style = `
:root { color-scheme: light; --ink: #1c2333; --soft: #5b6478; --line: #dfe3ec; --paper: #fff; --desk: #f4f6fa; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--desk); color: var(--ink); font: 16px/1.45 system-ui, sans-serif; }
header { padding: 1.5rem 1rem 0.5rem; max-width: 90rem; margin: auto; }
h1 { margin: 0; font-size: 1.6rem; }
h2 { margin: 0 0 0.5rem; font-size: 1.05rem; }
header p { margin: 0.2rem 0 1rem; color: var(--soft); }
.sums { display: flex; flex-wrap: wrap; gap: 0.5rem 2rem; margin: 0; padding: 0; list-style: none; color: var(--soft); }
.sums b { color: var(--ink); font-size: 1.5rem; }
main { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 24rem), 1fr)); padding: 1rem; max-width: 90rem; margin: auto; }
section { background: var(--paper); border: 1px solid var(--line); border-radius: 0.6rem; padding: 1rem; min-width: 0; }
.wide { grid-column: 1 / -1; }
figure { margin: 0; }
svg { display: block; width: 100%; height: auto; }
summary { cursor: pointer; color: var(--soft); padding: 0.4rem 0; }
.table { overflow: auto; max-height: 18rem; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.35rem 0.6rem 0.35rem 0; text-align: left; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--soft); font-weight: 600; }
a { color: #1f4fb8; }
@media print { .table { max-height: none; } section { break-inside: avoid; } }
`;
