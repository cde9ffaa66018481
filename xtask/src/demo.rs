//! `cargo xtask demo`: starts an empty server and runs two real trainings that log to it.

mod child_processes;

use std::fs::{self, File};
use std::io::Read as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context as _, Result, ensure};
use clap::Args;
use test_instance::{InstanceConfig, TestInstance};

use crate::python::Python;
use crate::workspace::Workspace;
use crate::{process, server, step};
use child_processes::ChildProcesses;

const EMAIL: &str = "demo@example.org";

/// The options of the demo.
#[derive(Debug, Args)]
pub struct DemoOptions {
    /// The address on which the server listens
    #[arg(long, default_value = "127.0.0.1:3000", value_name = "IP:PORT")]
    address: SocketAddr,
    /// Train for seconds instead of minutes
    #[arg(long)]
    short: bool,
    /// Stop the server after the trainings
    #[arg(long)]
    once: bool,
}

/// One of the two trainings.
struct Training {
    name: &'static str,
    description: &'static str,
    parameters: &'static [&'static str],
}

const TRAININGS: [Training; 2] = [
    Training {
        name: "baseline",
        description: "The example's default parameters.",
        parameters: &["epochs=14", "learning_rate=0.003", "width=16"],
    },
    Training {
        name: "half width, lower learning rate",
        description: "Half of the channels and a *lower* learning rate: how much does mAP50 drop?",
        parameters: &["epochs=14", "learning_rate=0.001", "width=8"],
    },
];

/// Parameters that make a training short.
const SHORT_PARAMETERS: [&str; 3] = ["epochs=3", "canvases=160", "image_size=64"];

/// What the scripts need to log to the server.
struct ScriptRunner {
    python: PathBuf,
    examples: PathBuf,
    /// Emptied at the start of each demo.
    directory: PathBuf,
    host: String,
    token: String,
}

/// Builds everything, starts the server and runs the trainings.
pub fn run_demo(workspace: &Workspace, options: &DemoOptions) -> Result<ExitCode> {
    let binary = server::build_server(workspace)?;
    let examples = workspace.root.join("examples");
    let python = Python::find_or_install()?.create_environment(workspace, &examples.join("requirements.txt"))?;
    let children = ChildProcesses::stop_on_interrupt()?;
    let directory = workspace.cache_dir("demo")?;
    let _lock = workspace.lock("demo")?;
    remove_previous_demo(&directory)?;
    let data_dir = directory.join("data");
    let config = InstanceConfig::new(binary, &data_dir)
        .with_address(options.address)
        .with_log_file(directory.join("server.log"))
        .with_own_process_group();
    let password = random_password()?;
    config.create_owner("Demo", EMAIL, &password)?;
    let token = config.create_token(EMAIL, "write")?;
    let host = format!("http://{}", options.address);
    let runner = ScriptRunner { python, examples, directory, host, token };

    let mut server = config.spawn()?;
    let registered = children.register(server.pid())?;
    server.wait_until_ready().context("another address may help, for example --address 127.0.0.1:3100")?;
    if let Err(error) = run_trainings(&runner, options.short, &password, &children) {
        stop_server(server);
        return Err(error);
    }
    if options.once {
        children.stop_all();
    } else {
        println!("The server runs until Ctrl-C. Its data is in {}.", data_dir.display());
    }
    server.wait()?;
    drop(registered);
    Ok(ExitCode::SUCCESS)
}

/// Stops the server after a failure, unless Ctrl-C has already stopped it.
fn stop_server(mut server: TestInstance) {
    if let Ok(false) = server.has_exited() {
        let _ = server.stop();
    }
}

/// Creates an experiment for each training, then trains one after the other.
fn run_trainings(runner: &ScriptRunner, short: bool, password: &str, children: &ChildProcesses) -> Result<()> {
    let experiments: Vec<_> =
        TRAININGS.iter().map(|training| runner.create_experiment(training, short)).collect::<Result<_>>()?;
    println!("\nGroundglass is at {}. Sign in as {EMAIL} with the password {password}", runner.host);
    for (training, id) in TRAININGS.iter().zip(&experiments) {
        println!("   {}: {}/experiment/{id}", training.name, runner.host);
    }
    for (training, id) in TRAININGS.iter().zip(&experiments) {
        step::run_with_output(&format!("train “{}”", training.name), || runner.train(id, children))?;
    }
    println!("\nBoth trainings are done: {}/experiment/{}", runner.host, experiments[0]);
    Ok(())
}

impl ScriptRunner {
    /// Creates an experiment and returns its id.
    fn create_experiment(&self, training: &Training, short: bool) -> Result<String> {
        let mut start = self.script_command("start.py");
        start.args(["--name", training.name, "--description", training.description]);
        let short: &[&str] = if short { &SHORT_PARAMETERS } else { &[] };
        for parameter in training.parameters.iter().chain(short) {
            start.args(["--set", parameter]);
        }
        Ok(process::command_output(&mut start)?.trim().to_owned())
    }

    fn train(&self, experiment: &str, children: &ChildProcesses) -> Result<()> {
        let mut train = self.script_command("digits-detection/train.py");
        train.args(["--experiment", experiment, "--output"]).arg(self.directory.join("output").join(experiment));
        train.stdin(Stdio::null());
        let status = children.run(&mut train)?;
        ensure!(status.success(), "the training exited with {status}");
        Ok(())
    }

    fn script_command(&self, name: &str) -> Command {
        let mut command = Command::new(&self.python);
        command.arg("-B").arg(self.examples.join(name)).env("host", &self.host).env("api_token", &self.token);
        command.env_remove("PYTHONPATH").env_remove("PYTHONHOME").env("PYTHONUNBUFFERED", "1");
        command
    }
}

/// Removes the data of the previous demo, but not its lock file.
fn remove_previous_demo(directory: &Path) -> Result<()> {
    for name in ["data", "output"] {
        match fs::remove_dir_all(directory.join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

/// Returns a random password. Each demo has a new one, because other users of this machine can reach the server.
fn random_password() -> Result<String> {
    let mut random = [0; 6];
    File::open("/dev/urandom")
        .and_then(|mut file| file.read_exact(&mut random))
        .context("cannot generate a password")?;
    Ok(random.iter().map(|byte| format!("{byte:02x}")).collect())
}
