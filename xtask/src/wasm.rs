//! Builds the frontend: compiles it to WASM, splits it into chunks, generates the JavaScript bindings, optimizes for size.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::hash::ContentHash;
use crate::split::split_wasm;
use crate::wasm_target::WasmCompiler;
use crate::workspace::Workspace;
use crate::{import_names, npm, parallel, process, step};

/// Increased whenever the steps below produce different output from the same input.
const RECIPE_VERSION: &str = "4";

/// How the frontend is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WasmProfile {
    /// Optimized for size.
    Release,
    /// Optimized for build time.
    Dev,
}

impl WasmProfile {
    /// The name of the cargo profile.
    fn name(self) -> &'static str {
        match self {
            Self::Release => "wasm-release",
            Self::Dev => "wasm-dev",
        }
    }
}

/// Builds the frontend. Returns the directory with `frontend.js` and the files that it loads.
pub fn build_package(workspace: &Workspace, compiler: &WasmCompiler, profile: WasmProfile) -> Result<PathBuf> {
    let compiled = step::run_with_output("compile the frontend", || compile_wasm(workspace, compiler, profile))?;
    bind_package(workspace, &compiled, profile)
}

/// Compiles the frontend and returns the WASM file.
pub fn compile_wasm(workspace: &Workspace, compiler: &WasmCompiler, profile: WasmProfile) -> Result<PathBuf> {
    let (mut cargo, output) = compiler.cargo_build(workspace);
    cargo.args(["--package", "frontend", "--lib", "--profile", profile.name()]);
    process::run_command(&mut cargo, "see the compiler's message above")?;
    Ok(output.join(profile.name()).join("frontend.wasm"))
}

/// Turns the compiled file into the package that browsers load, unless the existing package was made from the same file.
pub fn bind_package(workspace: &Workspace, compiled: &Path, profile: WasmProfile) -> Result<PathBuf> {
    let optimizer = if profile == WasmProfile::Release { find_or_install_optimizer(workspace) } else { None };
    let bytes = fs::read(compiled).with_context(|| format!("cannot read {}", compiled.display()))?;
    let recipe = format!("{RECIPE_VERSION} {} {}", profile.name(), optimizer.is_some());
    let expected = ContentHash::default().with_piece(&bytes).with_piece(recipe).into_short_hex();

    let directory = workspace.cache_dir(profile.name())?;
    let package = directory.join("pkg");
    let stamp = directory.join("stamp");
    if fs::read_to_string(&stamp).is_ok_and(|built| built == expected) {
        step::report_skipped("wasm-bindgen", "unchanged");
        return Ok(package);
    }

    let _ = fs::remove_file(&stamp);
    if package.exists() {
        fs::remove_dir_all(&package)?;
    }
    let main = directory.join("main.wasm");
    let mut files = step::run_quietly("split into chunks", || split_wasm(&bytes, &main, &package))?;
    step::run_quietly("wasm-bindgen", || generate_bindings(&main, &package, optimizer.is_some()))?;
    // The largest file goes first, so that the threads finish at about the same time.
    files.insert(0, package.join("frontend_bg.wasm"));
    if let Some(node_modules) = optimizer {
        step::run_quietly("wasm-opt", || parallel::try_for_each(&files, |file| optimize_size(&node_modules, file)))?;
    }
    fs::write(stamp, expected)?;
    Ok(package)
}

/// Generates the JavaScript around the WASM. With `keep_names` functions keep their names, which wasm-opt sorts by and then
/// drops.
fn generate_bindings(main: &Path, package: &Path, keep_names: bool) -> Result<()> {
    let mut bound = Bindgen::new()
        .input_path(main)
        .out_name("frontend")
        .web(true)?
        .omit_default_module_path(false)
        // The chunks use the function table.
        .keep_lld_exports(true)
        .remove_name_section(!keep_names)
        .remove_producers_section(true)
        .generate_output()
        .context(
            "if versions differ: wasm-bindgen and wasm-bindgen-cli-support must have the same version in Cargo.lock",
        )?;
    let names = import_names::shorten_import_names(&mut bound);
    bound.emit(package)?;
    import_names::rename_in_script(&package.join("frontend.js"), &names)
}

/// Returns the directory that contains wasm-opt, or `None` if it cannot be installed. It makes the WASM a third smaller, but
/// is optional.
fn find_or_install_optimizer(workspace: &Workspace) -> Option<PathBuf> {
    if !npm::is_available() {
        step::report_skipped("wasm-opt", "skipped, Node is not installed: pages load more bytes than necessary");
        return None;
    }
    match npm::install_packages(workspace) {
        Ok(directory) => Some(directory),
        Err(error) => {
            step::report_skipped("wasm-opt", &format!("skipped, pages load more bytes than necessary: {error:#}"));
            None
        }
    }
}

/// The WASM features that the compiler uses and all current browsers support. With "all features" wasm-opt could write
/// instructions that browsers do not support yet.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Options that minimize the compressed size. Without inlining similar functions stay similar, and similar functions compress
/// best next to each other.
const SIZE_OPTIONS: [&str; 5] =
    ["--quiet", "-Oz", "--skip-pass=inlining", "--skip-pass=inlining-optimizing", "--reorder-functions-by-name"];

/// Makes a WASM file smaller, in place.
fn optimize_size(directory: &Path, file: &Path) -> Result<()> {
    let smaller = file.with_extension("smaller");
    let mut wasm_opt = npm::node_tool(directory, "wasm-opt");
    wasm_opt.args(SIZE_OPTIONS).args(WASM_FEATURES).arg(file).arg("-o").arg(&smaller);
    process::run_command(&mut wasm_opt, "")?;
    fs::rename(smaller, file)?;
    Ok(())
}
