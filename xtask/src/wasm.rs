//! The browser's side: compiled, cut into chunks, bound to JavaScript, made small.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::hash::Hash;
use crate::split::split;
use crate::target::Compiler;
use crate::workspace::Workspace;
use crate::{names, npm, parallel, process, step};

/// Changes when the steps below do something else with the same input.
const RECIPE: &str = "4";

/// How the browser's side is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// As small as it gets.
    Release,
    /// As quick to build as it gets.
    Dev,
}

impl Profile {
    fn name(self) -> &'static str {
        match self {
            Self::Release => "wasm-release",
            Self::Dev => "wasm-dev",
        }
    }
}

/// Builds the browser's side; returns the folder that holds `frontend.js` and what it loads.
pub fn build(workspace: &Workspace, compiler: &Compiler, profile: Profile) -> Result<PathBuf> {
    let compiled = step::loud("compile the browser's side", || compile(workspace, compiler, profile))?;
    bind(workspace, &compiled, profile)
}

/// Compiles; returns the WASM file.
pub fn compile(workspace: &Workspace, compiler: &Compiler, profile: Profile) -> Result<PathBuf> {
    let (mut cargo, output) = compiler.cargo_build(workspace);
    cargo.args(["--package", "frontend", "--lib", "--profile", profile.name()]);
    process::run(&mut cargo, "the compiler's message is above")?;
    Ok(output.join(profile.name()).join("frontend.wasm"))
}

/// Makes the compiled file into what a browser loads, unless that was done with the same file before.
pub fn bind(workspace: &Workspace, compiled: &Path, profile: Profile) -> Result<PathBuf> {
    let optimizer = if profile == Profile::Release { optimizer(workspace) } else { None };
    let bytes = fs::read(compiled).with_context(|| format!("cannot read {}", compiled.display()))?;
    let how = format!("{RECIPE} {} {}", profile.name(), optimizer.is_some());
    let stamp = Hash::default().piece(&bytes).piece(how).short();

    let folder = workspace.cache(profile.name())?;
    let package = folder.join("pkg");
    let done = folder.join("stamp");
    if fs::read_to_string(&done).is_ok_and(|have| have == stamp) {
        step::skipped("wasm-bindgen", "unchanged");
        return Ok(package);
    }

    let _ = fs::remove_file(&done);
    if package.exists() {
        fs::remove_dir_all(&package)?;
    }
    let main = folder.join("main.wasm");
    let mut files = step::quiet("cut into chunks", || split(&bytes, &main, &package))?;
    step::quiet("wasm-bindgen", || generate(&main, &package, optimizer.is_some()))?;
    // First, because it is the largest.
    files.insert(0, package.join("frontend_bg.wasm"));
    if let Some(node_modules) = optimizer {
        step::quiet("wasm-opt", || parallel::each(&files, |file| optimize(&node_modules, file)))?;
    }
    fs::write(done, stamp)?;
    Ok(package)
}

/// The JavaScript around the WASM. `named` functions keep their names, which is for the optimizer: it drops them.
fn generate(main: &Path, package: &Path, named: bool) -> Result<()> {
    let mut bound = Bindgen::new()
        .input_path(main)
        .out_name("frontend")
        .web(true)?
        .omit_default_module_path(false)
        // The chunks use the table of functions.
        .keep_lld_exports(true)
        .remove_name_section(!named)
        .remove_producers_section(true)
        .generate_output()
        .context("if versions differ: wasm-bindgen and wasm-bindgen-cli-support must be the same in Cargo.lock")?;
    let names = names::shorten(&mut bound);
    bound.emit(package)?;
    names::rename(&package.join("frontend.js"), &names)
}

/// The folder with wasm-opt, where it can be had. It makes the file a third smaller, but one can live without.
fn optimizer(workspace: &Workspace) -> Option<PathBuf> {
    if !npm::present() {
        step::skipped("wasm-opt", "left out, there is no Node: the pages load more than they need to");
        return None;
    }
    match npm::install(workspace) {
        Ok(folder) => Some(folder),
        Err(error) => {
            step::skipped("wasm-opt", &format!("left out, the pages load more than they need to: {error:#}"));
            None
        }
    }
}

/// What the compiler's output uses and every browser of these years knows. "All features" would let the tool write what
/// browsers do not read yet.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// What makes it small for the wire, where it is compressed. Functions that are put into their callers look alike no more,
/// and what is alike compresses best next to each other.
const SMALL: [&str; 5] =
    ["--quiet", "-Oz", "--skip-pass=inlining", "--skip-pass=inlining-optimizing", "--reorder-functions-by-name"];

/// Makes the WASM smaller.
fn optimize(folder: &Path, file: &Path) -> Result<()> {
    let smaller = file.with_extension("smaller");
    let mut command = npm::tool(folder, "wasm-opt");
    process::run(command.args(SMALL).args(FEATURES).arg(file).arg("-o").arg(&smaller), "")?;
    fs::rename(smaller, file)?;
    Ok(())
}
