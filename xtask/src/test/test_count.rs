//! Counts of passed and failed tests, parsed from the output of test runners.

use std::ops::AddAssign;

use anyhow::{Context, Result};

/// How many tests passed and failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TestCount {
    /// Passed tests.
    pub passed: u64,
    /// Failed tests.
    pub failed: u64,
}

impl TestCount {
    /// One passed test.
    pub const PASSED: Self = Self { passed: 1, failed: 0 };
    /// One failed test.
    pub const FAILED: Self = Self { passed: 0, failed: 1 };

    /// Counts a check as one test.
    pub fn from_check(passed: bool) -> Self {
        if passed { Self::PASSED } else { Self::FAILED }
    }

    /// Parses a line `test result: ok. 5 passed; 0 failed; …` of libtest or libtest-mimic. Other lines count no tests.
    pub fn from_libtest_line(line: &str) -> Self {
        let Some(result) = line.trim_start().strip_prefix("test result: ") else { return Self::default() };
        let number = |field: &str| {
            let words: Vec<_> = result.split([' ', ';']).collect();
            let at = words.iter().position(|word| *word == field)?;
            words.get(at.checked_sub(1)?)?.parse().ok()
        };
        Self { passed: number("passed").unwrap_or(0), failed: number("failed").unwrap_or(0) }
    }

    /// Parses Playwright's JSON report. A test that passed on a retry counts as passed.
    pub fn from_playwright_report(report: &[u8]) -> Result<Self> {
        let report: serde_json::Value = serde_json::from_slice(report)?;
        let number = |field: &str| {
            report["stats"][field].as_u64().with_context(|| format!("Playwright's report has no number `{field}`"))
        };
        Ok(Self { passed: number("expected")? + number("flaky")?, failed: number("unexpected")? })
    }

    /// Parses pytest's report in JUnit format. Skipped tests are not counted.
    pub fn from_junit_report(report: &str) -> Result<Self> {
        let suite = report.split("<testsuite ").nth(1).and_then(|suite| suite.split('>').next());
        let suite = suite.context("pytest's report has no test suite")?;
        let number = |field: &str| -> Result<u64> {
            let value = suite.split(&format!("{field}=\"")).nth(1).and_then(|rest| rest.split('"').next());
            Ok(value.with_context(|| format!("pytest's report has no number `{field}`"))?.parse()?)
        };
        let failed = number("errors")? + number("failures")?;
        Ok(Self { passed: number("tests")?.saturating_sub(failed + number("skipped")?), failed })
    }

    /// Adds one failed test if the test runner failed without reporting one, because it did not compile or crashed.
    pub fn with_exit(mut self, succeeded: bool) -> Self {
        if !succeeded && self.failed == 0 {
            self.failed = 1;
        }
        self
    }
}

impl AddAssign for TestCount {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

#[cfg(test)]
mod tests {
    use super::TestCount;

    #[test]
    fn parses_libtest_output() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(TestCount::from_libtest_line(line), TestCount { passed: 12, failed: 3 });
        assert_eq!(
            TestCount::from_libtest_line("test result: ok. 0 passed; 0 failed; 0 ignored"),
            TestCount::default()
        );
        assert_eq!(TestCount::from_libtest_line("test names::trim ... ok"), TestCount::default());
    }

    #[test]
    fn parses_playwright_reports() {
        let report = br#"{"stats":{"expected":7,"unexpected":2,"flaky":1,"skipped":4}}"#;
        assert_eq!(TestCount::from_playwright_report(report).unwrap(), TestCount { passed: 8, failed: 2 });
        assert!(TestCount::from_playwright_report(b"{}").is_err());
    }

    #[test]
    fn parses_pytest_reports() {
        let report = r#"<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest"
            errors="1" failures="2" skipped="3" tests="10" time="0.6" hostname="h"><testcase name="a"/></testsuite>"#;
        assert_eq!(TestCount::from_junit_report(report).unwrap(), TestCount { passed: 4, failed: 3 });
        assert!(TestCount::from_junit_report("<testsuites/>").is_err());
    }

    #[test]
    fn a_failed_runner_counts_as_a_failed_test() {
        assert_eq!(TestCount::default().with_exit(false), TestCount::FAILED);
        assert_eq!(TestCount::FAILED.with_exit(false), TestCount::FAILED);
        assert_eq!(TestCount::PASSED.with_exit(true), TestCount::PASSED);
    }
}
