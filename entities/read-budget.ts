/** Rows one page may look at: a filter that finds nothing in so many hands on to the next page. */
const MOST_ROWS = 50_000;

/** Time one page may take: a third of the 29 seconds that API Gateway waits. */
const MOST_MILLISECONDS = 8_000;

/** A query costs half a read unit, 4 KB of rows, however little it finds. */
const LEAST_ROWS_OF_QUERY = 10;

/** What reading one page may cost, and what it has cost so far. */
export class ReadBudget {
  queries = 0;
  private rows = 0;
  private readonly deadline = performance.now() + MOST_MILLISECONDS;

  /** Enters a query that looked at `rows` rows. */
  enter(rows: number): void {
    this.queries++;
    this.rows += Math.max(rows, LEAST_ROWS_OF_QUERY);
  }

  get isSpent(): boolean {
    return this.rows >= MOST_ROWS || performance.now() >= this.deadline;
  }
}
