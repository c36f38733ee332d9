//! Every report in a row, as people see it: the example of each page, in the order of the codes. Read from top to bottom
//! it shows whether all messages speak with one voice. When a page or message changes, look at the difference and accept
//! it: `INSTA_UPDATE=always cargo test --test voice`.

#![allow(clippy::disallowed_methods)] // tests read their cases and write to temporary folders
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod support;

use std::collections::BTreeMap;

use camgrant::catalogue;
use camgrant::compile::{Options, compile};
use camgrant::diagnostics::render::{Format, RenderOptions, render};
use camgrant::source::MemoryWorld;
use support::reviewed;

/// The YAML fences of a page's example, by path.
fn example(page: &str) -> BTreeMap<String, String> {
    let example = page.split("\n## Example\n").nth(1).unwrap_or_default();
    let example = example.split("\n## ").next().unwrap_or_default();
    let fences = example.split("```yaml").skip(1).filter_map(|rest| rest.split("```").next()?.split_once('\n'));
    let path = |info: &str| if info.trim().is_empty() { "policy.yaml".to_owned() } else { info.trim().to_owned() };
    fences.map(|(info, text)| (path(info), text.to_owned())).collect()
}

#[test]
fn all_reports_speak_with_one_voice() {
    let mut told = String::new();
    // what is wrong with a change is found between two policies, and held to its pages in `pages.rs`
    for rule in catalogue::all().filter(|rule| !rule.code.starts_with("CG07")) {
        let files = example(rule.page);
        if files.is_empty() {
            continue; // about links, permissions and bytes
        }
        // the day on which the examples of lints about the clock have lapsed, and no other
        let now = "2026-11-23T12:00:00Z".parse::<jiff::Timestamp>().unwrap().as_second();
        let levels = rule.name.map(|name| (name.to_owned(), camgrant::diagnostics::Level::Warn)).into_iter().collect();
        let options = Options { now: Some(now), levels, ..Options::default() };
        let compiled = compile(&MemoryWorld::new(files), &options);
        let mut out = Vec::new();
        let options = RenderOptions { summary: false, ..RenderOptions::default() };
        render(Format::Human, &compiled.diagnostics, &compiled.sources, &options, &mut out).unwrap();
        told += &String::from_utf8(out).unwrap();
        for finding in &compiled.diagnostics {
            let message = &finding.message;
            assert!(!message.starts_with(char::is_uppercase) || message.starts_with("YAML"), "{message}");
            assert!(!message.ends_with(['.', '!', '?']), "{message}");
            assert!(finding.help.is_some(), "nothing helps with `{message}`");
        }
    }
    reviewed("voice", "all", &told);
}
