//! How long it takes to read and compile a large policy. In: a shape, a size and a seed. Out: a line for each
//! contender, with the median and the least of its times, the megabytes a second, and its time as a multiple of the
//! first contender's; or, with `--write`, the policy in a folder.
//!
//! ```text
//! cargo bench --bench compile -- --shape org --size L --seed 7 --rounds 11
//! cargo bench --bench compile -- --size M --write /tmp/policy-m
//! ```
//!
//! Without any argument (as `cargo test --benches` runs it) it tries one round on the smallest size.
//!
//! The contenders take turns within one run, so that whatever else the machine does meets them all; ratios of one run
//! may be compared with those of another, seconds may not. What a contender answers must be the same in every round.

#![allow(clippy::disallowed_methods)] // a benchmark looks at the clock, and writes policies where it is told to

mod shapes;

use camgrant::catalogue;
use camgrant::compile::{Options, compile};
use camgrant::diagnostics::Level;
use camgrant::effective::Effective;
use camgrant::emit::table::{self as emit, TableOptions};
use camgrant::source::MemoryWorld;
use camgrant::table::format::Layout;
use saphyr_parser::{Event, Parser};
use shapes::Size;
use std::fs;
use std::hint::black_box;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// What all contenders are given.
struct Policy {
    /// Path and text.
    files: Vec<(String, String)>,
}

/// Something to be timed. It answers with a number that depends on all of its work, or says why it cannot.
struct Contender {
    name: &'static str,
    run: fn(&Policy) -> Result<u64, String>,
}

/// One line each; the first is what the others are compared with.
const CONTENDERS: &[Contender] = &[
    Contender { name: "lines of the text", run: lines },
    Contender { name: "YAML events (saphyr-parser)", run: events },
    Contender { name: "camgrant, check", run: check },
    Contender { name: "camgrant, check without lints", run: check_without_lints },
    Contender { name: "camgrant, factored table", run: |policy| table(policy, Layout::Factored) },
    Contender { name: "camgrant, compact table", run: |policy| table(policy, Layout::Compact) },
    Contender { name: "camgrant, expanded table", run: |policy| table(policy, Layout::Expanded) },
];

/// Text to rights, with every finding; answers with the number of organisations.
fn check(policy: &Policy) -> Result<u64, String> {
    Ok(compiled(policy)?.orgs.len() as u64)
}

/// The same, where nobody wants to hear a lint: the difference is what lints cost.
fn check_without_lints(policy: &Policy) -> Result<u64, String> {
    let names = catalogue::lints().filter_map(|rule| rule.name);
    let levels = names.map(|name| (name.to_owned(), Level::Allow)).collect();
    Ok(compiled_with(policy, &Options { levels, ..Options::default() })?.orgs.len() as u64)
}

/// Text to a table that goes nowhere; answers with its bytes.
fn table(policy: &Policy, layout: Layout) -> Result<u64, String> {
    let rights = compiled(policy)?;
    let selection = emit::select(&rights, None, None).map_err(|fault| fault.to_string())?;
    let mut count = Count(0);
    let options = TableOptions { layout, compact_json: false };
    let mut out = BufWriter::with_capacity(1 << 20, &mut count);
    emit::write(&selection, options, &mut out).map_err(|error| error.to_string())?;
    out.flush().map_err(|error| error.to_string())?;
    drop(out);
    Ok(count.0)
}

fn compiled(policy: &Policy) -> Result<Effective, String> {
    // a time, for the lints that look at one
    compiled_with(policy, &Options { now: Some(1_795_521_600), ..Options::default() })
}

fn compiled_with(policy: &Policy, options: &Options) -> Result<Effective, String> {
    let compiled = compile(&MemoryWorld::new(policy.files.iter().cloned()), options);
    compiled.policy.ok_or_else(|| {
        let first = compiled.diagnostics.iter().find(|d| d.is_error());
        first.map_or_else(String::new, |d| d.message.clone())
    })
}

/// Counts bytes and keeps none.
struct Count(u64);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The floor: every byte is looked at once.
fn lines(policy: &Policy) -> Result<u64, String> {
    Ok(policy.files.iter().map(|(_, text)| text.lines().count() as u64).sum())
}

/// A stock event parser, with nothing made of its events.
fn events(policy: &Policy) -> Result<u64, String> {
    let mut scalars = 0;
    for (path, text) in &policy.files {
        for event in Parser::new_from_str(text) {
            match event {
                Ok((Event::Scalar(..), _)) => scalars += 1,
                Ok(_) => {}
                Err(error) => return Err(format!("{path}: {error}")),
            }
        }
    }
    Ok(scalars)
}

fn main() -> ExitCode {
    match Settings::parse(std::env::args().skip(1)).and_then(|options| run(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

fn run(options: &Settings) -> Result<(), String> {
    let start = Instant::now();
    let policy = Policy { files: shapes::org(&options.size, options.seed) };
    let made = start.elapsed();
    let bytes: usize = policy.files.iter().map(|(_, text)| text.len()).sum();
    let Size { users, devices, sites, grants } = options.size;
    println!(
        "shape org, seed {}: {users} users, {devices} devices, {sites} sites, {grants} grants; {} files, {:.2} MB, \
         {} lines, made in {made:.2?}",
        options.seed,
        policy.files.len(),
        bytes as f64 / 1e6,
        lines(&policy)?,
    );
    match &options.write {
        Some(folder) => write(&policy, folder),
        None => measure(&policy, bytes, options.rounds),
    }
}

/// Writes the policy to a folder that is new or empty, so that nothing of another policy stays in it.
fn write(policy: &Policy, folder: &Path) -> Result<(), String> {
    let failed = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    if fs::read_dir(folder).map_err(|error| failed(folder, error))?.next().is_some() {
        return Err(format!("{}: the folder is not empty", folder.display()));
    }
    for (path, text) in &policy.files {
        let path = folder.join(path);
        fs::write(&path, text).map_err(|error| failed(&path, error))?;
    }
    Ok(())
}

/// Lets the contenders take turns, after one round that warms up and is not counted.
fn measure(policy: &Policy, bytes: usize, rounds: usize) -> Result<(), String> {
    let mut answers = Vec::new();
    for contender in CONTENDERS {
        answers.push(answer(contender, policy)?);
    }
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); CONTENDERS.len()];
    for _ in 0..rounds {
        for ((contender, expected), times) in CONTENDERS.iter().zip(&answers).zip(&mut times) {
            let start = Instant::now();
            let got = answer(contender, policy)?;
            times.push(start.elapsed());
            if got != *expected {
                return Err(format!("{}: answered {expected} first and {got} later", contender.name));
            }
        }
    }

    println!("{:<32}{:>12}{:>12}{:>10}{:>10}  answer", "", "median", "least", "MB/s", "ratio");
    let mut first = None;
    for ((contender, answer), times) in CONTENDERS.iter().zip(&answers).zip(&mut times) {
        times.sort_unstable();
        let median = times[times.len() / 2];
        let seconds = median.as_secs_f64();
        println!(
            "{:<32}{:>12}{:>12}{:>10.1}{:>10.2}  {answer}",
            contender.name,
            format!("{median:.2?}"),
            format!("{:.2?}", times[0]),
            bytes as f64 / 1e6 / seconds,
            seconds / *first.get_or_insert(seconds),
        );
    }
    Ok(())
}

fn answer(contender: &Contender, policy: &Policy) -> Result<u64, String> {
    (contender.run)(black_box(policy)).map(black_box).map_err(|error| format!("{}: {error}", contender.name))
}

/// What the command line says.
struct Settings {
    size: Size,
    seed: u64,
    rounds: usize,
    write: Option<PathBuf>,
}

impl Settings {
    fn parse(args: impl Iterator<Item = String>) -> Result<Settings, String> {
        let mut options = Settings { size: Size::M, seed: 1, rounds: 7, write: None };
        let mut args = args.peekable();
        if args.peek().is_none() {
            // `cargo test --benches`: only whether it works
            (options.size, options.rounds) = (Size::S, 1);
        }
        while let Some(flag) = args.next() {
            // cargo adds it to the arguments of every bench
            if flag == "--bench" {
                continue;
            }
            let Some(value) = args.next() else {
                return Err(format!("{flag}: a value is missing"));
            };
            let wrong = || format!("{flag}: {value} is not possible");
            match flag.as_str() {
                "--shape" if value == "org" => {}
                "--shape" => return Err(format!("--shape: there is no shape {value}, only org")),
                "--size" => {
                    options.size = Size::named(&value).ok_or_else(|| format!("--size: S, M, L or 10k, not {value}"))?
                }
                "--seed" => options.seed = value.parse().map_err(|_| wrong())?,
                "--rounds" => options.rounds = value.parse().ok().filter(|&n| n > 0).ok_or_else(wrong)?,
                "--write" => options.write = Some(PathBuf::from(value)),
                _ => {
                    return Err(format!("{flag}: unknown; there are --shape, --size, --seed, --rounds, --write"));
                }
            }
        }
        Ok(options)
    }
}
