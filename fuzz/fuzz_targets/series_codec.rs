//! Encoded points and buckets of lines.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| tracker::fuzzing::check_series_codec(input));
