//! Archives to restore.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| tracker::fuzzing::check_archive(input));
