import { writeFileSync } from 'node:fs';

/** Vitest reporter that counts for the last line of `npm test`. */
export default class CountingReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state) => tests.filter((test) => test.result().state === state).length;
    // A file that could not be loaded has no tests to fail; a skipped test has not shown what it
    // promises, unless the machine is known to have no sandbox.
    const broken = modules.filter((module) => module.errors().length > 0).length;
    const suites = modules.flatMap((module) => [...module.children.allSuites()]);
    const brokenSuites = suites.filter((suite) => suite.errors().length > 0).length;
    const skipped = process.env.MILLRACE_TEST_TIER === 'none' ? 0 : count('skipped');
    const failed = count('failed') + skipped + broken + brokenSuites + unhandledErrors.length;
    writeFileSync(process.env.VITEST_COUNTS_FILE, JSON.stringify({ passed: count('passed'), failed }));
  }
}
