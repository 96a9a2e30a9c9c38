/** How many tests passed, failed and were left out. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The part of Vitest's JSON report that is counted here (Jest's format). */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/**
 * Counts a Vitest run from its JSON report, and never believes the report alone: a file that could not be loaded, an
 * error outside any test, a crashed runner, and a run without a single test each count as a failure.
 *
 * @param reportText the JSON report, or undefined where none was written
 * @param exitCode of Vitest; null when it was killed
 */
export function countVitest(reportText: string | undefined, exitCode: number | null): Counts {
  const report = parse(reportText);
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
  let [passed, failed, skipped] = [0, 0, 0];
  for (const file of report.testResults) {
    let failedHere = 0;
    for (const { status } of file.assertionResults) {
      if (status === 'passed') passed++;
      else if (status === 'failed') failedHere++;
      else skipped++;
    }
    failed += file.status === 'failed' ? Math.max(failedHere, 1) : failedHere;
  }
  if (failed === 0 && (exitCode !== 0 || passed === 0)) failed = 1;
  return { passed, failed, skipped };
}

function parse(text: string | undefined): Report | undefined {
  if (text === undefined) return undefined;
  try {
    const report: unknown = JSON.parse(text);
    return isReport(report) ? report : undefined;
  } catch {
    return undefined; // A report that was cut off says nothing; the caller counts a failure.
  }
}

function isReport(value: unknown): value is Report {
  return typeof value === 'object' && value !== null && 'testResults' in value && Array.isArray(value.testResults);
}
