//! Cards of logs, and their CSV and JSON.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| app::fuzzing::check_log_card(input));
