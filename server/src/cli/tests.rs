//! The files for containers say nothing that the command line does not know.

use std::{collections::BTreeSet, fs, path::Path};

use clap::{Command, CommandFactory as _, Parser as _};

use super::Cli;

/// A file at the workspace's root.
fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)).unwrap()
}

/// The variables that a command reads.
fn variables(command: &Command) -> BTreeSet<String> {
    command.get_arguments().filter_map(|argument| Some(argument.get_env()?.to_str()?.to_owned())).collect()
}

#[test]
fn containers_set_variables_that_serve_reads() {
    let command = Cli::command();
    let mut known = variables(&command);
    known.extend(variables(command.find_subcommand("serve").unwrap()));
    let check = |file: &str| {
        let text = read(file);
        let words = text.split(|c: char| !c.is_ascii_uppercase() && c != '_');
        let set: BTreeSet<_> = words.filter(|word| word.starts_with("GROUNDGLASS_")).collect();
        let unknown: Vec<_> = set.iter().filter(|word| !known.contains(**word)).collect();
        assert!(!set.is_empty() && unknown.is_empty(), "{file} sets {set:?}, of which nobody reads {unknown:?}");
    };
    check("Dockerfile");
    check("compose.yaml");
}

#[test]
fn containers_run_commands_that_there_are() {
    let text = read("Dockerfile");
    let commands: Vec<Vec<String>> = text
        .lines()
        .filter_map(|line| Some(line.split_once("CMD ")?.1))
        .map(|words| serde_json::from_str(words).unwrap())
        .collect();
    assert_eq!(commands.len(), 2, "one that serves, one that asks for its health: {commands:?}");
    for command in commands {
        // What does not name the program is what follows the entry point.
        let program = (command[0] != "groundglass").then(|| "groundglass".to_owned());
        let parsed = Cli::try_parse_from(program.into_iter().chain(command.iter().cloned()));
        assert!(parsed.is_ok(), "{command:?}: {}", parsed.unwrap_err());
    }
}
