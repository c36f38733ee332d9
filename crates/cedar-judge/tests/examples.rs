//! The example policies: Cedar's engine decides every question as the table does, on a sample of some tens of thousands.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)] // a test reads its cases

use std::fs;
use std::path::{Path, PathBuf};

use camgrant_cedar_judge::{Compared, Tally, questions};
use camgrant_naive::random::Rng;

/// How many questions are asked of one example.
const SAMPLE: usize = 30_000;

fn files(folder: &Path) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut left = vec![folder.to_owned()];
    while let Some(at) = left.pop() {
        for entry in fs::read_dir(&at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                left.push(path);
            } else if path.extension().is_some_and(|ending| ending == "yaml") {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                all.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    all.sort();
    all
}

#[test]
fn cedar_decides_the_examples_as_the_table_does() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let folders = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let folders: Vec<PathBuf> = folders.collect();
    assert!(folders.len() >= 6, "{folders:?}");
    let mut all = Tally::default();
    for folder in folders {
        let compared = Compared::new(&files(&folder)).unwrap().expect("an example compiles");
        let mut tally = Tally { policies: 1, ..Tally::default() };
        let mut rng = Rng::new(1);
        for org in compared.naive.orgs() {
            for question in questions(&compared.naive, &org, SAMPLE, &mut rng) {
                let (allowed, compared) = compared.ask(&org, &question).unwrap();
                tally += Tally { policies: 0, asked: 1, compared, allowed: usize::from(allowed) };
            }
        }
        println!("{}: {tally}", folder.file_name().unwrap().to_string_lossy());
        assert!(tally.allowed > 0, "{}", folder.display());
        all += tally;
    }
    println!("all: {all}");
}
