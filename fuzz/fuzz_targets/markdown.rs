//! Markdown.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| app::fuzzing::check_markdown(input));
