//! Previews of files.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| app::fuzzing::check_preview(input));
