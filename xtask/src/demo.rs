//! `cargo xtask demo`: a server with nothing in it, and two real trainings that fill it while one looks on.

mod children;

use std::fs::{self, File};
use std::io::Read as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use clap::Args;

use crate::python::Python;
use crate::workspace::Workspace;
use crate::{process, server, step};
use children::Children;

const EMAIL: &str = "demo@example.org";
/// How long a server may take to its first answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// How the demo runs.
#[derive(Debug, Args)]
pub struct Options {
    /// Where the server listens
    #[arg(long, default_value = "127.0.0.1:3000", value_name = "IP:PORT")]
    address: SocketAddr,
    /// Train for seconds instead of minutes
    #[arg(long)]
    short: bool,
    /// End after the trainings, instead of serving on
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
        description: "The example's own parameters.",
        parameters: &["epochs=14", "learning_rate=0.003", "width=16"],
    },
    Training {
        name: "half as wide, slower",
        description: "Half of the channels and a *smaller* learning rate: how much does it lose?",
        parameters: &["epochs=14", "learning_rate=0.001", "width=8"],
    },
];

/// What makes either short.
const SHORT: [&str; 3] = ["epochs=3", "canvases=160", "image_size=64"];

/// The demo's parts, once they are there.
struct Demo {
    program: PathBuf,
    python: PathBuf,
    examples: PathBuf,
    /// Fresh for each demo.
    folder: PathBuf,
    host: String,
    token: String,
}

/// Builds everything, then shows it.
pub fn run(workspace: &Workspace, options: &Options) -> Result<ExitCode> {
    let program = server::build(workspace)?;
    let examples = workspace.root.join("examples");
    let python = Python::provide()?.environment(workspace, &examples.join("requirements.txt"))?;
    let children = Children::new()?;
    let folder = workspace.cache("demo")?;
    let _alone = workspace.lock("demo")?;
    empty(&folder)?;
    let host = format!("http://{}", options.address);
    let password = password()?;
    let mut demo = Demo { program, python, examples, folder, host, token: String::new() };
    demo.add_person(&password)?;
    let mut server = demo.serve(options.address, &children)?;
    let experiments: Vec<_> =
        TRAININGS.iter().map(|training| demo.create(training, options.short)).collect::<Result<_>>()?;
    println!("\nGroundglass is at {}. Sign in as {EMAIL} with the password {password}", demo.host);
    for (training, id) in TRAININGS.iter().zip(&experiments) {
        println!("   {}: {}/experiment/{id}", training.name, demo.host);
    }
    for (training, id) in TRAININGS.iter().zip(&experiments) {
        step::loud(&format!("train “{}”", training.name), || demo.train(id, &children))?;
    }
    println!("\nBoth are trained: {}/experiment/{}", demo.host, experiments[0]);
    if options.once {
        children.stop();
    } else {
        println!("The server goes on until Ctrl-C. Its data is in {}.", demo.folder.join("data").display());
    }
    server.wait()?;
    Ok(ExitCode::SUCCESS)
}

impl Demo {
    /// Somebody who can sign in, and their token.
    fn add_person(&mut self, password: &str) -> Result<()> {
        let file = self.folder.join("password");
        fs::write(&file, password)?;
        let mut user = self.command(&["user", "create", "--name", "Demo", "--role", "owner", "--password-stdin"]);
        let status = user.args(["--email", EMAIL]).stdin(File::open(&file)?).stdout(Stdio::null()).status();
        fs::remove_file(&file)?;
        ensure!(status?.success(), "cannot add a person to the demo");
        let mut token = self.command(&["token", "create", "--scope", "write", "--email", EMAIL]);
        self.token = process::output(&mut token)?.trim().to_owned();
        Ok(())
    }

    /// Starts the server and waits until it answers.
    fn serve(&self, address: SocketAddr, children: &Children) -> Result<children::Child> {
        let log = self.folder.join("server.log");
        let mut serve = self.command(&["serve", "--address", &address.to_string()]);
        serve.stdin(Stdio::null()).stdout(Stdio::null()).stderr(File::create(&log)?);
        let mut server = children.start(&mut serve)?;
        let start = Instant::now();
        let mut health = Command::new(&self.program);
        health.args(["health", "--address", &address.to_string()]);
        while process::output(&mut health).is_err() {
            let ended = server.has_ended()?;
            if ended || start.elapsed() > PATIENCE {
                let said = fs::read_to_string(&log).unwrap_or_default();
                bail!("the server did not start; it said:\n{said}\nAnother address may help: --address 127.0.0.1:3100");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        // Who has that port already answers, too.
        ensure!(!server.has_ended()?, "another server is at {address}; choose another address with --address");
        Ok(server)
    }

    /// Makes an experiment; gives its id.
    fn create(&self, training: &Training, short: bool) -> Result<String> {
        let mut start = self.script("start.py");
        start.args(["--name", training.name, "--description", training.description]);
        let short: &[&str] = if short { &SHORT } else { &[] };
        for parameter in training.parameters.iter().chain(short) {
            start.args(["--set", parameter]);
        }
        Ok(process::output(&mut start)?.trim().to_owned())
    }

    fn train(&self, experiment: &str, children: &Children) -> Result<()> {
        let mut train = self.script("digits-detection/train.py");
        train.args(["--experiment", experiment, "--output"]).arg(self.folder.join("output").join(experiment));
        train.stdin(Stdio::null());
        let status = children.start(&mut train)?.wait()?;
        ensure!(status.success(), "the training ended with {status}");
        Ok(())
    }

    /// Groundglass itself, on the demo's data.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        // What is set for another server is not meant for this one.
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GROUNDGLASS_")) {
            command.env_remove(name);
        }
        command.args(arguments).arg("--data-dir").arg(self.folder.join("data"));
        command
    }

    fn script(&self, name: &str) -> Command {
        let mut command = Command::new(&self.python);
        command.arg("-B").arg(self.examples.join(name)).env("host", &self.host).env("api_token", &self.token);
        command.env_remove("PYTHONPATH").env_remove("PYTHONHOME").env("PYTHONUNBUFFERED", "1");
        command
    }
}

/// Takes away what an earlier demo left, but for the lock.
fn empty(folder: &std::path::Path) -> Result<()> {
    for name in ["data", "output"] {
        match fs::remove_dir_all(folder.join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

/// A new one for each demo: others on this machine can reach the server, too.
fn password() -> Result<String> {
    let mut random = [0; 6];
    File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut random)).context("cannot draw a password")?;
    Ok(random.iter().map(|byte| format!("{byte:02x}")).collect())
}
