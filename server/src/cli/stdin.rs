//! Reads passwords from standard input, because command-line arguments are visible to every process.

use std::io::BufRead as _;

use domain::people::Password;

use crate::cli_error::CliError;

/// Reads a password from the first line of standard input, without the line ending.
pub fn read_password() -> Result<Password, CliError> {
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|error| CliError::new(format!("cannot read the password from standard input: {error}")))?;
    Password::parse(line.trim_end_matches(['\r', '\n'])).map_err(|error| CliError::new(error.to_string()))
}
