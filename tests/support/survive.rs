//! What has to hold whatever arrives.

use camgrant::compile::{Compiled, Options, compile};
use camgrant::diagnostics::render::{Format, RenderOptions, render};
use camgrant::source::World;

use super::memory::lines;

/// Compiles, and holds the outcome against what always has to hold: a table or a report, places that are there, and
/// reports that can be written.
pub(crate) fn survive(world: &dyn World, options: &Options) -> Compiled {
    let compiled = compile(world, options);
    let failed = compiled.diagnostics.iter().any(|d| d.is_error());
    assert_eq!(compiled.policy.is_none(), failed, "{:?}", lines(&compiled));
    for diagnostic in &compiled.diagnostics {
        let edits = diagnostic.fix.iter().flat_map(|fix| &fix.edits).map(|(span, _)| span);
        let others = diagnostic.others.iter().map(|(span, _)| span);
        for span in std::iter::once(&diagnostic.span).chain(others).chain(edits) {
            let file = compiled.sources.file(span.file);
            let text = file.text.get(span.start as usize..span.end as usize);
            assert!(text.is_some(), "{}: {span:?} is no place in it: {}", file.path, diagnostic.message);
        }
        assert!(diagnostic.message.chars().count() < 600, "a message is no novel: {}", diagnostic.message);
    }
    for format in Format::ALL {
        let mut out = Vec::new();
        let options = RenderOptions { all: compiled.diagnostics.len() < 1000, ..RenderOptions::default() };
        render(format, &compiled.diagnostics, &compiled.sources, &options, &mut out).expect("memory takes it");
        let text = String::from_utf8(out).expect("a report is text");
        if format == Format::Short && options.all {
            assert_eq!(text.lines().count(), compiled.diagnostics.len(), "a finding is one line: {text:?}");
        }
    }
    compiled
}
