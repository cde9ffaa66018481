//! Checks that the container files use variables and commands that exist.

use std::{collections::BTreeSet, fs, path::Path};

use clap::{Command, CommandFactory as _, Parser as _};

use super::Cli;

/// Reads a file of the workspace root.
fn read_workspace_file(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)).unwrap()
}

/// Returns the environment variables that a command reads.
fn environment_variables(command: &Command) -> BTreeSet<String> {
    command.get_arguments().filter_map(|argument| Some(argument.get_env()?.to_str()?.to_owned())).collect()
}

#[test]
fn container_files_set_only_variables_that_serve_reads() {
    let command = Cli::command();
    let mut known = environment_variables(&command);
    known.extend(environment_variables(command.find_subcommand("serve").unwrap()));
    let check = |file: &str| {
        let text = read_workspace_file(file);
        let words = text.split(|c: char| !c.is_ascii_uppercase() && c != '_');
        let set: BTreeSet<_> = words.filter(|word| word.starts_with("GROUNDGLASS_")).collect();
        let unknown: Vec<_> = set.iter().filter(|word| !known.contains(**word)).collect();
        assert!(!set.is_empty() && unknown.is_empty(), "{file} sets {set:?}; `serve` does not read {unknown:?}");
    };
    check("Dockerfile");
    check("compose.yaml");
}

#[test]
fn dockerfile_commands_are_valid() {
    let text = read_workspace_file("Dockerfile");
    let commands: Vec<Vec<String>> = text
        .lines()
        .filter_map(|line| Some(line.split_once("CMD ")?.1))
        .map(|words| serde_json::from_str(words).unwrap())
        .collect();
    assert_eq!(commands.len(), 2, "expected the server and the health check: {commands:?}");
    for command in commands {
        // A command that does not name the program is passed to the entry point.
        let program = (command[0] != "groundglass").then(|| "groundglass".to_owned());
        let parsed = Cli::try_parse_from(program.into_iter().chain(command.iter().cloned()));
        assert!(parsed.is_ok(), "{command:?}: {}", parsed.unwrap_err());
    }
}
