//! Names, orders and paths in archives.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| domain::fuzzing::check_names(input));
