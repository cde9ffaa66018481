//! Data that a script logs, as every type, and queries on it.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| domain::fuzzing::check_log_payload(input));
