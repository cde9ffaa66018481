//! The range and the address of a download.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| server::fuzzing::check_download_request(input));
