//! A password from standard input: not an argument, which every process on the machine can read.

use std::io::BufRead as _;

use domain::people::Password;

use crate::failure::Failure;

/// The first line of standard input, without its end.
pub fn password() -> Result<Password, Failure> {
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|error| Failure::new(format!("cannot read the password from standard input: {error}")))?;
    Password::parse(line.trim_end_matches(['\r', '\n'])).map_err(|error| Failure::new(error.to_string()))
}
