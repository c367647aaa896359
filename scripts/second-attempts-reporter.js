/**
 * Names the tests that failed first and passed when they were repeated. Tests with other programs may
 * be repeated once, as a busy machine makes those late; but what needs a second attempt is told, so
 * that a race does not hide behind it.
 */
export default class SecondAttemptsReporter {
  /** @type {string[]} */
  #titles = [];

  /** @param {import('vitest/node').TestCase} test */
  onTestCaseResult(test) {
    if (test.diagnostic()?.flaky === true) {
      const errors = test.result().errors ?? [];
      const causes = errors.map(({ message }) => `      ${message.split('\n')[0] ?? ''}`);
      this.#titles.push(
        [`${test.module.relativeModuleId} > ${test.fullName}`, ...causes].join('\n'),
      );
    }
  }

  onTestRunEnd() {
    if (this.#titles.length > 0) {
      console.log(`Passed at the second attempt only:\n  ${this.#titles.join('\n  ')}\n`);
    }
  }
}
