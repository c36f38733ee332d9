//! The shape of a diagnostic: a rule that was broken, the place, and the way out. No messages are written here,
//! each stands beside the stage that finds the mistake; [`render`] has one file for each output format.

pub mod baseline;
pub mod fingerprint;
pub mod fixes;
mod nearest;
pub mod render;
mod rule;
mod words;

use std::collections::BTreeMap;

pub use nearest::{did_you_mean, is_certain, nearest, shortened};
pub use rule::{Level, Rule};
pub use words::listed;

use crate::source::{Sources, Span};

/// One finding.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// The rule that was broken; it has the code and the page.
    pub rule: &'static Rule,
    /// How much it weighs in this run.
    pub level: Level,
    /// One line: what was found. Lower case, no full stop, names in backticks.
    pub message: String,
    /// How much of the message says what the finding is about, where what follows may change while it stays the same.
    pub about_until: Option<usize>,
    /// The very key or scalar.
    pub span: Span,
    /// What the primary place is, in a few words; may be empty.
    pub label: String,
    /// Other places that matter, each with a few words.
    pub others: Vec<(Span, String)>,
    /// What to do about it.
    pub help: Option<String>,
    /// The exact edits that mend it, where they are certain.
    pub fix: Option<Fix>,
    /// What the place is in terms that outlast its line (`syntax::Identities`), where somebody has looked.
    pub about: Option<u128>,
}

/// Edits that belong together: all or none, in one file. A fix is offered only where it is certain what was meant, and
/// where it stays certain when all other fixes of the same report are made as well: `check --fix` makes them together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What the edits do, in a few words.
    pub title: String,
    /// Replacements: a place and its new text.
    pub edits: Vec<(Span, String)>,
}

impl Diagnostic {
    /// A finding at its rule's own level.
    #[must_use]
    pub fn new(rule: &'static Rule, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            rule,
            level: rule.level,
            message: message.into(),
            about_until: None,
            span,
            label: String::new(),
            others: Vec::new(),
            help: None,
            fix: None,
            about: None,
        }
    }

    /// Says what the primary place is.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Diagnostic {
        self.label = label.into();
        self
    }

    /// Adds to the message what may change while it stays the same finding, such as hours: no name in it counts where the
    /// finding is known again.
    #[must_use]
    pub fn detail(mut self, detail: &str) -> Diagnostic {
        self.about_until = self.about_until.or(Some(self.message.len()));
        self.message += detail;
        self
    }

    /// Points to another place.
    #[must_use]
    pub fn other(mut self, span: Span, label: impl Into<String>) -> Diagnostic {
        self.others.push((span, label.into()));
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    /// Says what to do, where something can be said.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Diagnostic {
        self.help = help.or(self.help);
        self
    }

    /// Offers to replace the primary place by `text`.
    #[must_use]
    pub fn replace(mut self, title: impl Into<String>, text: impl Into<String>) -> Diagnostic {
        self.fix = Some(Fix { title: title.into(), edits: vec![(self.span, text.into())] });
        self
    }

    /// Whether it counts as an error.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.level == Level::Deny
    }

    /// Whether it stops a compile: every error does, but for what depends on the clock.
    #[must_use]
    pub fn stops(&self) -> bool {
        self.is_error() && !self.rule.by_clock
    }
}

/// Puts findings into the order in which they are shown: by path, position, code, words.
pub fn sort(diagnostics: &mut Vec<Diagnostic>, sources: &Sources) {
    sort_by(diagnostics, |diagnostic| diagnostic, sources);
}

/// Puts things of which each has a finding into the order of these.
pub(crate) fn sort_by<T>(things: &mut Vec<T>, found: impl Fn(&T) -> &Diagnostic, sources: &Sources) {
    things.sort_by(|a, b| {
        let (a, b) = (found(a), found(b));
        let key = |d: &Diagnostic| (d.span.start, d.rule.code, d.span.end);
        let path = |d: &Diagnostic| &sources.file(d.span.file).path;
        path(a)
            .cmp(path(b))
            .then_with(|| a.span.file.cmp(&b.span.file))
            .then_with(|| key(a).cmp(&key(b)))
            .then_with(|| a.message.cmp(&b.message))
    });
    things.dedup_by(|a, b| {
        let (a, b) = (found(a), found(b));
        a.rule.code == b.rule.code && a.span == b.span && a.message == b.message
    });
}

/// How many findings of one code in one file are shown before the rest is only counted.
pub const SHOWN_PER_CODE: usize = 100;

/// Cuts what would flood: more than [`SHOWN_PER_CODE`] of one code in one file. Gives which findings stay, and for each
/// cut pair of path and code the number left out.
#[must_use]
pub fn cut(diagnostics: &[Diagnostic], sources: &Sources) -> (Vec<usize>, BTreeMap<(String, &'static str), usize>) {
    let mut seen: BTreeMap<(u32, &'static str), usize> = BTreeMap::new();
    let mut kept = Vec::new();
    let mut left_out = BTreeMap::new();
    for (number, diagnostic) in diagnostics.iter().enumerate() {
        let count = seen.entry((diagnostic.span.file.0, diagnostic.rule.code)).or_default();
        *count += 1;
        if *count <= SHOWN_PER_CODE {
            kept.push(number);
        } else {
            let path = sources.file(diagnostic.span.file).path.clone();
            *left_out.entry((path, diagnostic.rule.code)).or_default() += 1;
        }
    }
    (kept, left_out)
}
