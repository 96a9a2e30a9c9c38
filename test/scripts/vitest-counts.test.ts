import { describe, expect, test } from 'vitest';
import { countVitest } from '../../scripts/shared/vitest-counts.ts';

const report = (...files: { status: string; tests: string[] }[]): string =>
  JSON.stringify({
    testResults: files.map(({ status, tests }) => ({
      name: 'a.test.ts',
      status,
      message: '',
      assertionResults: tests.map((verdict) => ({ status: verdict })),
    })),
  });

describe('countVitest', () => {
  test('counts what passed, failed and was left out', () => {
    const text = report(
      { status: 'passed', tests: ['passed', 'pending', 'todo'] },
      { status: 'failed', tests: ['failed', 'passed'] },
    );
    expect(countVitest(text, 1)).toEqual({ passed: 2, failed: 1, skipped: 2 });
  });

  test('counts a file that could not be loaded as one failure', () => {
    const text = report({ status: 'passed', tests: ['passed'] }, { status: 'failed', tests: [] });
    expect(countVitest(text, 1)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  test('counts an error outside any test as one failure', () => {
    expect(countVitest(report({ status: 'passed', tests: ['passed'] }), 1)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
    });
  });

  test.each([
    ['no report', undefined, 0],
    ['a report cut off', '{"testResults":[', 0],
    ['a report of another shape', 'null', 0],
    ['no test at all', report(), 0],
    ['only skipped tests', report({ status: 'passed', tests: ['skipped'] }), 0],
    ['a killed runner', report({ status: 'passed', tests: [] }), null],
  ])('counts %s as one failure', (_, text, exitCode) => {
    expect(countVitest(text, exitCode)).toMatchObject({ passed: 0, failed: 1 });
  });
});
