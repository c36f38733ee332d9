//! Whether a policy of some shape costs more than its text says, and whether that grows. In: the shapes of
//! `crates/shapes` at their usual sizes, and at twice these. Out: a table of ratios, made in one run, and what misses its
//! target in plain words.
//!
//! ```text
//! cargo bench --bench shapes
//! cargo bench --bench shapes -- --only denials,roles --rounds 5 --part 2
//! ```
//!
//! Each number of a shape is the time for a byte of its text, as a multiple of what a byte of the shape `org` takes in
//! the same round: the least of all rounds, so that what else the machine does is not measured. `x2` is how much longer
//! the policy of twice the size takes. Targets: five times `org` at most, and 2.3 for twice the size.
//!
//! `--part 10` takes a tenth of the usual sizes. Without any argument (as `cargo test --benches` runs it) each shape is
//! tried once, as small as can be.

#![allow(clippy::disallowed_methods)] // a benchmark looks at the clock

mod common;

use camgrant::table::format::Layout;
use camgrant_shapes::{Files, SHAPES, Shape};
use common::{check, clock, table};
use std::process::ExitCode;

/// Times `org` for a byte.
const MOST: f64 = 5.0;
/// Times as long for twice the size.
const MOST_FOR_TWICE: f64 = 2.3;

/// What is done with a policy.
struct Work {
    name: &'static str,
    run: fn(&Files) -> Result<u64, String>,
}

const WORKS: [Work; 3] = [
    Work { name: "check", run: |files| check(files) },
    Work { name: "factored", run: |files| table(files, Layout::Factored) },
    Work { name: "compact", run: |files| table(files, Layout::Compact) },
];

/// What the works cost with one shape at one size, least of all rounds.
struct Measured {
    bytes: usize,
    seconds: [f64; WORKS.len()],
}

impl Measured {
    fn a_byte(&self, work: usize) -> f64 {
        self.seconds[work] / self.bytes as f64
    }
}

fn main() -> ExitCode {
    match Settings::parse(std::env::args().skip(1)).and_then(|settings| run(&settings)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

fn run(settings: &Settings) -> Result<(), String> {
    let org = &SHAPES[0];
    let made = |shape: &Shape, times: usize| shape.files(settings.size(shape) * times, settings.seed);
    let baseline = measure(&made(org, 1), settings.rounds).map_err(|error| format!("org: {error}"))?;
    println!(
        "org: {} {}, {:.2} MB; nanoseconds of the processor for a byte: check {:.0}, factored {:.0}, compact {:.0}\n",
        settings.size(org),
        org.counts,
        baseline.bytes as f64 / 1e6,
        baseline.a_byte(0) * 1e9,
        baseline.a_byte(1) * 1e9,
        baseline.a_byte(2) * 1e9,
    );
    print!("{:<14}{:>8} {:<8}{:>8}", "shape", "size", "", "MB");
    for work in &WORKS {
        print!("{:>11}{:>6}", work.name, "x2");
    }
    println!();
    let mut missed = Vec::new();
    for shape in settings.shapes() {
        let failed = |error| format!("{}: {error}", shape.name);
        let one = measure(&made(shape, 1), settings.rounds).map_err(failed)?;
        let two = measure(&made(shape, 2), settings.rounds).map_err(failed)?;
        print!("{:<14}{:>8} {:<8}{:>8.2}", shape.name, settings.size(shape), shape.counts, one.bytes as f64 / 1e6);
        for (number, work) in WORKS.iter().enumerate() {
            let ratio = one.a_byte(number) / baseline.a_byte(number);
            // twice the size may be a little more or less than twice the text
            let twice = two.a_byte(number) / one.a_byte(number) * 2.0;
            print!("{ratio:>11.2}{twice:>6.2}");
            if ratio > MOST {
                missed.push(format!("{}, {}: {ratio:.1} times org for a byte", shape.name, work.name));
            }
            if twice > MOST_FOR_TWICE {
                missed.push(format!("{}, {}: {twice:.2} times as long for twice the text", shape.name, work.name));
            }
        }
        println!();
    }
    if missed.is_empty() {
        println!("\nall within {MOST} times org for a byte, and {MOST_FOR_TWICE} times as long for twice the text");
    } else {
        println!("\nmissed (targets: {MOST} times org for a byte, {MOST_FOR_TWICE} times as long for twice the text):");
        missed.iter().for_each(|line| println!("  {line}"));
    }
    Ok(())
}

/// The least that each work costs; what it answers must be the same in every round.
fn measure(files: &Files, rounds: usize) -> Result<Measured, String> {
    let bytes = files.iter().map(|(_, text)| text.len()).sum();
    let mut seconds = [f64::INFINITY; WORKS.len()];
    let mut answers = [None; WORKS.len()];
    for _ in 0..rounds {
        for ((work, least), expected) in WORKS.iter().zip(&mut seconds).zip(&mut answers) {
            let (spent, answer) = clock::cost(|| (work.run)(files))?;
            *least = least.min(spent);
            if *expected.get_or_insert(answer) != answer {
                return Err(format!("{}: answered differently in two rounds", work.name));
            }
        }
    }
    Ok(Measured { bytes, seconds })
}

/// What the command line says.
struct Settings {
    /// None: each shape as small as can be.
    part: Option<usize>,
    only: Vec<String>,
    seed: u64,
    rounds: usize,
}

impl Settings {
    fn size(&self, shape: &Shape) -> usize {
        self.part.map_or(shape.small, |part| (shape.usual / part).max(shape.small))
    }

    fn shapes(&self) -> impl Iterator<Item = &'static Shape> {
        SHAPES.iter().filter(|shape| self.only.is_empty() || self.only.iter().any(|name| name == shape.name))
    }

    fn parse(args: impl Iterator<Item = String>) -> Result<Settings, String> {
        let mut settings = Settings { part: Some(1), only: Vec::new(), seed: 1, rounds: 3 };
        let mut args = args.peekable();
        if args.peek().is_none() {
            (settings.part, settings.rounds) = (None, 1);
        }
        while let Some(flag) = args.next() {
            // cargo adds it to the arguments of every bench
            if flag == "--bench" {
                continue;
            }
            let Some(value) = args.next() else {
                return Err(format!("{flag}: a value is missing"));
            };
            let number = || value.parse::<usize>().ok().filter(|&n| n > 0);
            let wrong = || format!("{flag}: {value} is not possible");
            match flag.as_str() {
                "--part" => settings.part = Some(number().ok_or_else(wrong)?),
                "--rounds" => settings.rounds = number().ok_or_else(wrong)?,
                "--seed" => settings.seed = value.parse().map_err(|_| wrong())?,
                "--only" => {
                    settings.only = value.split(',').map(str::to_owned).collect();
                    if let Some(unknown) = settings.only.iter().find(|name| Shape::named(name).is_none()) {
                        return Err(format!("--only: there is no shape {unknown}"));
                    }
                }
                _ => return Err(format!("{flag}: unknown; there are --part, --only, --rounds, --seed")),
            }
        }
        Ok(settings)
    }
}
