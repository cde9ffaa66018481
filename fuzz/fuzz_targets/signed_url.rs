//! Signed URLs.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| tracker::fuzzing::check_signed_url(input));
