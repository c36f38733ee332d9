//! Any text, with findings anywhere in it, through every format of reports: never a panic; JSON stays JSON, a line stays
//! a line, and nothing reaches a terminal that steers it.

#![no_main]

use camgrant::catalogue;
use camgrant::diagnostics::render::{Format, RenderOptions, render};
use camgrant::diagnostics::{Diagnostic, Fix, Rule};
use camgrant::source::{FileId, SourceFile, Sources, Span};
use camgrant_naive::random::Rng;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let (choices, rest) = bytes.split_at(bytes.len().min(24));
    let mut rng = Rng::told(choices);
    let text = String::from_utf8_lossy(rest).into_owned();
    let mut sources = Sources::default();
    sources.add(SourceFile::new(piece(&text, &mut rng), text.clone()));
    sources.add(SourceFile::new("second.yaml".to_owned(), text.chars().rev().collect()));
    sources.add(SourceFile::unreadable("third.yaml".to_owned()));
    let found: Vec<Diagnostic> = (0..rng.below(5)).map(|_| diagnostic(&sources, &text, &mut rng)).collect();
    for format in Format::ALL {
        let options = RenderOptions {
            color: rng.chance(20),
            width: *rng.pick(&[100, 0, 1, 20, 80, 400]),
            all: rng.chance(50),
            summary: rng.chance(50),
            ..RenderOptions::default()
        };
        let mut out = Vec::new();
        if let Err(error) = render(format, &found, &sources, &options, &mut out) {
            panic!("{error}");
        }
        let Ok(out) = String::from_utf8(out) else { panic!("{format:?} is no text") };
        match format {
            Format::Json | Format::Sarif | Format::Gitlab => {
                assert!(serde_json::from_str::<serde_json::Value>(&out).is_ok(), "{out:?}");
            }
            Format::Human if options.color => {}
            _ => assert!(!out.chars().any(|c| c.is_control() && c != '\n'), "{format:?}: {out:?}"),
        }
        if format == Format::Short {
            assert_eq!(out.lines().count(), found.len(), "{out:?}");
        }
    }
});

fn piece(text: &str, rng: &mut Rng) -> String {
    let from = rng.below(text.chars().count() + 1);
    text.chars().skip(from).take(rng.below(80)).collect()
}

/// A place between two signs of a file.
fn span(sources: &Sources, rng: &mut Rng) -> Span {
    let file = FileId(rng.below(sources.len()) as u32);
    let text = &sources.file(file).text;
    let places: Vec<u32> = text.char_indices().map(|(at, _)| at as u32).chain([text.len() as u32]).collect();
    let (a, b) = (*rng.pick(&places), *rng.pick(&places));
    Span::new(file, a.min(b), a.max(b))
}

fn diagnostic(sources: &Sources, text: &str, rng: &mut Rng) -> Diagnostic {
    let rules: Vec<&'static Rule> = catalogue::all().collect();
    let mut one = Diagnostic::new(rng.pick::<&'static Rule>(&rules), span(sources, rng), piece(text, rng))
        .label(piece(text, rng));
    for _ in 0..rng.below(3) {
        one = one.other(span(sources, rng), piece(text, rng));
    }
    if rng.chance(50) {
        one = one.help(piece(text, rng));
    }
    if rng.chance(30) {
        let edits = (0..rng.below(3)).map(|_| (span(sources, rng), piece(text, rng))).collect();
        one.fix = Some(Fix { title: piece(text, rng), edits });
    }
    one
}
