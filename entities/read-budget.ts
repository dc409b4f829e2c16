/** Rows one page may look at: a filter that finds nothing in so many hands on to the next page. */
const MOST_ROWS = 50_000;

/** Time one page may take: a third of the 29 seconds that API Gateway waits. */
const MOST_MILLISECONDS = 8_000;

/** What reading one page may cost, and what it has cost so far. */
export class ReadBudget {
  queries = 0;
  private rows = 0;
  private readonly deadline = performance.now() + MOST_MILLISECONDS;

  /** Enters a query that looks at no more than `limit` rows. */
  enter(limit: number): void {
    this.queries++;
    this.rows += limit;
  }

  get isSpent(): boolean {
    return this.rows >= MOST_ROWS || performance.now() >= this.deadline;
  }
}
