//! How long it takes to read and compile a large policy. In: a shape, a size and a seed. Out: a line for each
//! contender, with the median and the least of its times, the megabytes a second, and its time as a multiple of the
//! first contender's; or, with `--write`, the policy in a folder.
//!
//! ```text
//! cargo bench --bench compile -- --shape org --size L --seed 7 --rounds 11
//! cargo bench --bench compile -- --size M --write /tmp/policy-m
//! cargo bench --bench compile -- --shape denials --size 100000
//! ```
//!
//! The shapes are those of `crates/shapes`; `org` and `iid` have the sizes S, M, L, 10k
//! and `USERS,DEVICES,SITES,GRANTS`; every shape has any number of what it counts.
//!
//! Without any argument (as `cargo test --benches` runs it) it tries one round on the smallest size.
//!
//! The contenders take turns within one run, so that whatever else the machine does meets them all; ratios of one run
//! may be compared with those of another, seconds may not. What a contender answers must be the same in every round.

#![allow(clippy::disallowed_methods)] // a benchmark looks at the clock, and writes policies where it is told to

mod common;

use camgrant::table::format::Layout;
use camgrant_shapes::{Files, SHAPES, Shape, Size};
use common::{check, check_without_lints, table};
use saphyr_parser::{Event, Parser};
use std::fmt::{self, Display, Formatter};
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// What all contenders are given: path and text.
type Policy = [(String, String)];

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

/// The floor: every byte is looked at once.
fn lines(policy: &Policy) -> Result<u64, String> {
    Ok(policy.iter().map(|(_, text)| text.lines().count() as u64).sum())
}

/// A stock event parser, with nothing made of its events.
fn events(policy: &Policy) -> Result<u64, String> {
    let mut scalars = 0;
    for (path, text) in policy {
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
    let policy = options.policy();
    let made = start.elapsed();
    let bytes: usize = policy.iter().map(|(_, text)| text.len()).sum();
    println!(
        "shape {}, {}, seed {}: {} files, {:.2} MB, {} lines, made in {made:.2?}",
        options.shape.name,
        options.size,
        options.seed,
        policy.len(),
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
    for (path, text) in policy {
        let path = folder.join(path);
        if let Some(around) = path.parent() {
            fs::create_dir_all(around).map_err(|error| failed(around, error))?;
        }
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
    shape: &'static Shape,
    size: HowLarge,
    seed: u64,
    rounds: usize,
    write: Option<PathBuf>,
}

/// A size that has a name, or a number of what the shape counts.
#[derive(Clone, Copy)]
enum HowLarge {
    Named(Size),
    Counted { count: usize, of: &'static str },
}

impl Display for HowLarge {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            HowLarge::Named(Size { users, devices, sites, grants }) => {
                write!(f, "{users} users, {devices} devices, {sites} sites, {grants} grants")
            }
            HowLarge::Counted { count, of } => write!(f, "{count} {of}"),
        }
    }
}

impl Settings {
    fn policy(&self) -> Files {
        match (self.size, self.shape.name) {
            (HowLarge::Named(size), "iid") => camgrant_shapes::iid(&size, self.seed),
            (HowLarge::Named(size), _) => camgrant_shapes::org(&size, self.seed),
            (HowLarge::Counted { count, .. }, _) => self.shape.files(count, self.seed),
        }
    }

    fn parse(args: impl Iterator<Item = String>) -> Result<Settings, String> {
        let (mut shape, mut size) = ("org".to_owned(), None);
        let (mut seed, mut rounds, mut write) = (1, 7, None);
        let mut args = args.peekable();
        if args.peek().is_none() {
            // `cargo test --benches`: only whether it works
            (size, rounds) = (Some("S".to_owned()), 1);
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
                "--shape" => shape = value,
                "--size" => size = Some(value),
                "--seed" => seed = value.parse().map_err(|_| wrong())?,
                "--rounds" => rounds = value.parse().ok().filter(|&n| n > 0).ok_or_else(wrong)?,
                "--write" => write = Some(PathBuf::from(value)),
                _ => {
                    return Err(format!("{flag}: unknown; there are --shape, --size, --seed, --rounds, --write"));
                }
            }
        }
        let shape = Shape::named(&shape).ok_or_else(|| {
            let all: Vec<&str> = SHAPES.iter().map(|shape| shape.name).collect();
            format!("--shape: there is no shape {shape}, only {}", all.join(", "))
        })?;
        let size = how_large(shape, size)?;
        Ok(Settings { shape, size, seed, rounds, write })
    }
}

/// What `--size` says of a shape; only two have sizes with names, or of four counts.
fn how_large(shape: &'static Shape, said: Option<String>) -> Result<HowLarge, String> {
    let named = matches!(shape.name, "org" | "iid");
    let counted = |count| HowLarge::Counted { count, of: shape.counts };
    match said {
        None if named => Ok(HowLarge::Named(Size::M)),
        None => Ok(counted(shape.usual)),
        Some(said) => match (Size::named(&said).or_else(|| counts(&said)), said.parse()) {
            (Some(size), _) if named => Ok(HowLarge::Named(size)),
            (_, Ok(count)) if count > 0 => Ok(counted(count)),
            _ => Err(format!(
                "--size: {}a number of {}, not {said}",
                if named { "S, M, L, 10k, USERS,DEVICES,SITES,GRANTS or " } else { "" },
                shape.counts
            )),
        },
    }
}

/// `USERS,DEVICES,SITES,GRANTS`
fn counts(said: &str) -> Option<Size> {
    let counts: Vec<usize> = said.split(',').map(|count| count.parse().ok()).collect::<Option<_>>()?;
    match counts[..] {
        [users, devices, sites, grants] if users > 0 && sites > 0 => Some(Size::new(users, devices, sites, grants)),
        _ => None,
    }
}
