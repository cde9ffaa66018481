//! How many tests passed and failed: read from what the test programs say.

use std::ops::AddAssign;

use anyhow::{Context, Result};

/// Numbers of tests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Those that passed.
    pub passed: u64,
    /// Those that did not.
    pub failed: u64,
}

impl Count {
    /// One that passed.
    pub const PASSED: Self = Self { passed: 1, failed: 0 };
    /// One that failed.
    pub const FAILED: Self = Self { passed: 0, failed: 1 };

    /// A check that stands for itself.
    pub fn one(passed: bool) -> Self {
        if passed { Self::PASSED } else { Self::FAILED }
    }

    /// Reads a line `test result: ok. 5 passed; 0 failed; …` of libtest or libtest-mimic; other lines count nothing.
    pub fn libtest(line: &str) -> Self {
        let Some(result) = line.trim_start().strip_prefix("test result: ") else { return Self::default() };
        let number = |what: &str| {
            let words: Vec<_> = result.split([' ', ';']).collect();
            let at = words.iter().position(|word| *word == what)?;
            words.get(at.checked_sub(1)?)?.parse().ok()
        };
        Self { passed: number("passed").unwrap_or(0), failed: number("failed").unwrap_or(0) }
    }

    /// Reads Playwright's JSON report. A test that passed at its second try passed.
    pub fn playwright(report: &[u8]) -> Result<Self> {
        let report: serde_json::Value = serde_json::from_slice(report)?;
        let number = |what: &str| {
            report["stats"][what].as_u64().with_context(|| format!("Playwright's report has no number `{what}`"))
        };
        Ok(Self { passed: number("expected")? + number("flaky")?, failed: number("unexpected")? })
    }

    /// Reads pytest's report in JUnit's form. A test that was skipped did not run.
    pub fn junit(report: &str) -> Result<Self> {
        let suite = report.split("<testsuite ").nth(1).and_then(|suite| suite.split('>').next());
        let suite = suite.context("pytest's report has no suite")?;
        let number = |what: &str| -> Result<u64> {
            let value = suite.split(&format!("{what}=\"")).nth(1).and_then(|rest| rest.split('"').next());
            Ok(value.with_context(|| format!("pytest's report has no number `{what}`"))?.parse()?)
        };
        let failed = number("errors")? + number("failures")?;
        Ok(Self { passed: number("tests")?.saturating_sub(failed + number("skipped")?), failed })
    }

    /// A program that failed without a failed test (it did not compile, or broke off) counts as one failure.
    pub fn with_end(mut self, succeeded: bool) -> Self {
        if !succeeded && self.failed == 0 {
            self.failed = 1;
        }
        self
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

#[cfg(test)]
mod tests {
    use super::Count;

    #[test]
    fn results_of_libtest_are_read() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(Count::libtest(line), Count { passed: 12, failed: 3 });
        assert_eq!(Count::libtest("test result: ok. 0 passed; 0 failed; 0 ignored"), Count::default());
        assert_eq!(Count::libtest("test names::trim ... ok"), Count::default());
    }

    #[test]
    fn results_of_playwright_are_read() {
        let report = br#"{"stats":{"expected":7,"unexpected":2,"flaky":1,"skipped":4}}"#;
        assert_eq!(Count::playwright(report).unwrap(), Count { passed: 8, failed: 2 });
        assert!(Count::playwright(b"{}").is_err());
    }

    #[test]
    fn results_of_pytest_are_read() {
        let report = r#"<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest"
            errors="1" failures="2" skipped="3" tests="10" time="0.6" hostname="h"><testcase name="a"/></testsuite>"#;
        assert_eq!(Count::junit(report).unwrap(), Count { passed: 4, failed: 3 });
        assert!(Count::junit("<testsuites/>").is_err());
    }

    #[test]
    fn a_bad_end_is_a_failure() {
        assert_eq!(Count::default().with_end(false), Count::FAILED);
        assert_eq!(Count::FAILED.with_end(false), Count::FAILED);
        assert_eq!(Count::PASSED.with_end(true), Count::PASSED);
    }
}
