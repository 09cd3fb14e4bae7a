const marks = { start: '<!-- npm run -s bench -->', end: '<!-- end of the bench -->' };

/** The page with these tables in the place of those between its marks. */
export function withTable(page: string, tables: string): string {
  const [before, rest] = page.split(marks.start);
  const after = rest?.split(marks.end)[1];
  if (before === undefined || after === undefined) throw new Error('the page has no place for the tables');
  return `${before}${marks.start}\n\n${tables}\n\n${marks.end}${after}`;
}
