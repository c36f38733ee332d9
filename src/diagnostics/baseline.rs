//! The baseline: findings of lints that a policy has had for long and that are not to be reported. They are known by
//! what they are about (see `fingerprint`), with a count, so that one more of the same is a new one. An error is never
//! in a baseline.

use std::collections::BTreeMap;
use std::io::{self, Write};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use super::Diagnostic;
use super::fingerprint::fingerprints;
use crate::source::Sources;

/// Findings of lints that are not reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "camgrant baseline")]
pub struct Baseline {
    /// Always `camgrant.baseline/1`.
    format: Format,
    /// The findings, ordered by path, code, message and fingerprint.
    findings: Vec<Entry>,
}

/// The one format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
enum Format {
    #[serde(rename = "camgrant.baseline/1")]
    One,
}

/// Findings about the same thing. The first two fields say which they are; the others are for those who read the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What they are about: the fingerprint of the first of them.
    #[serde(with = "hexadecimal")]
    #[schemars(schema_with = "fingerprint_schema")]
    about: u128,
    /// How many there are.
    #[schemars(range(min = 1))]
    count: u32,
    /// The code of the lint.
    code: String,
    /// Its name.
    name: String,
    /// The file in which the first of them stood.
    path: String,
    /// What the first of them said.
    message: String,
}

/// What a baseline leaves of a report.
#[derive(Debug)]
pub struct Left {
    /// What is not in the baseline.
    pub findings: Vec<Diagnostic>,
    /// How many findings are in it.
    pub known: usize,
    /// How many of the baseline's are not there any more.
    pub gone: usize,
}

impl Baseline {
    /// The baseline of a report: all its lints.
    #[must_use]
    pub fn new(diagnostics: &[Diagnostic], sources: &Sources) -> Baseline {
        let mut entries: BTreeMap<u128, Entry> = BTreeMap::new();
        for (diagnostic, fingerprint) in diagnostics.iter().zip(fingerprints(diagnostics, sources)) {
            let Some(name) = diagnostic.rule.name else { continue };
            let entry = entries.entry(fingerprint.about).or_insert_with(|| Entry {
                about: fingerprint.about,
                count: 0,
                code: diagnostic.rule.code.to_owned(),
                name: name.to_owned(),
                path: sources.file(diagnostic.span.file).path.clone(),
                message: diagnostic.message.clone(),
            });
            entry.count += 1;
        }
        let mut findings: Vec<Entry> = entries.into_values().collect();
        findings.sort_by(|a, b| {
            let key = |entry: &'_ Entry| (entry.path.clone(), entry.code.clone(), entry.message.clone(), entry.about);
            key(a).cmp(&key(b))
        });
        Baseline { format: Format::One, findings }
    }

    /// How many findings are in it.
    #[must_use]
    pub fn count(&self) -> usize {
        self.findings.iter().map(|entry| entry.count as usize).sum()
    }

    /// Reads a baseline.
    ///
    /// # Errors
    ///
    /// Says why it is none: no JSON, another format, something that is not understood, an entry twice.
    pub fn read(bytes: &[u8]) -> Result<Baseline, String> {
        let baseline: Baseline = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        let mut seen = BTreeMap::new();
        for entry in &baseline.findings {
            if entry.count == 0 {
                return Err(format!("the finding `{:032x}` is there no time", entry.about));
            }
            if seen.insert(entry.about, ()).is_some() {
                return Err(format!("the finding `{:032x}` is there twice", entry.about));
            }
        }
        Ok(baseline)
    }

    /// Writes it.
    ///
    /// # Errors
    ///
    /// Where `out` fails.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, self)?;
        writeln!(out)
    }

    /// What it leaves of a report.
    #[must_use]
    pub fn leave(&self, diagnostics: Vec<Diagnostic>, sources: &Sources) -> Left {
        let mut unmatched: BTreeMap<(u128, &str), u32> =
            self.findings.iter().map(|entry| ((entry.about, entry.code.as_str()), entry.count)).collect();
        let fingerprints = fingerprints(&diagnostics, sources);
        let all = diagnostics.len();
        let is_new = |(diagnostic, about): &(Diagnostic, u128)| {
            let is_lint = diagnostic.rule.name.is_some();
            match unmatched.get_mut(&(*about, diagnostic.rule.code)).filter(|count| is_lint && **count > 0) {
                Some(count) => {
                    *count -= 1;
                    false
                }
                None => true,
            }
        };
        let numbered = diagnostics.into_iter().zip(fingerprints.iter().map(|fingerprint| fingerprint.about));
        let findings: Vec<Diagnostic> = numbered.filter(is_new).map(|(diagnostic, _)| diagnostic).collect();
        let gone = unmatched.values().map(|count| *count as usize).sum();
        Left { known: all - findings.len(), findings, gone }
    }
}

/// The JSON Schema of a baseline, draft 2020-12.
#[must_use]
pub fn schema() -> Schema {
    let settings = schemars::generate::SchemaSettings::draft2020_12();
    settings.into_generator().into_root_schema_for::<Baseline>()
}

fn fingerprint_schema(_: &mut SchemaGenerator) -> Schema {
    schemars::json_schema!({ "type": "string", "pattern": "^[0-9a-f]{32}$" })
}

/// 32 digits, as fingerprints are shown.
mod hexadecimal {
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(number: &u128, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{number:032x}"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u128, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digits = text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let number = u128::from_str_radix(&text, 16).ok().filter(|_| digits);
        number.ok_or_else(|| de::Error::custom(format_args!("`{text}` is no fingerprint")))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::diagnostics::{Level, Rule};
    use crate::source::{FileId, SourceFile, Span};

    static ERROR: Rule = Rule::error("CG0301", "");
    static LINT: Rule = Rule::lint("CG1003", "lapsed-link", Level::Deny, "");

    fn finding(rule: &'static Rule, name: &str) -> Diagnostic {
        Diagnostic::new(rule, Span::file_start(FileId(0)), format!("something about `{name}`"))
    }

    fn sources() -> Sources {
        let mut sources = Sources::default();
        sources.add(SourceFile::new("a.yaml".into(), String::new()));
        sources
    }

    fn written(baseline: &Baseline) -> String {
        let mut out = Vec::new();
        baseline.write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn lints_are_counted_and_errors_never_are() {
        let sources = sources();
        let report = || vec![finding(&LINT, "a"), finding(&ERROR, "b"), finding(&LINT, "c"), finding(&LINT, "a")];
        let baseline = Baseline::new(&report(), &sources);
        assert_eq!(baseline.count(), 3);
        assert_eq!(Baseline::read(written(&baseline).as_bytes()).unwrap(), baseline);

        let left = baseline.leave(report(), &sources);
        assert_eq!((left.findings.len(), left.known, left.gone), (1, 3, 0));
        assert_eq!(left.findings[0].rule.code, "CG0301");

        let now = vec![finding(&LINT, "a"), finding(&LINT, "d"), finding(&LINT, "a"), finding(&LINT, "a")];
        let left = baseline.leave(now, &sources);
        let names: Vec<_> = left.findings.iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(names, ["something about `d`", "something about `a`"], "one more of the same is new");
        assert_eq!((left.known, left.gone), (2, 1));
    }

    #[test]
    fn the_order_of_the_report_is_not_that_of_the_baseline() {
        let sources = sources();
        let there = [finding(&LINT, "a"), finding(&LINT, "b"), finding(&LINT, "c")];
        let back = [finding(&LINT, "c"), finding(&LINT, "b"), finding(&LINT, "a")];
        assert_eq!(written(&Baseline::new(&there, &sources)), written(&Baseline::new(&back, &sources)));
    }

    #[test]
    fn what_is_damaged_is_no_baseline() {
        let whole = written(&Baseline::new(&[finding(&LINT, "a")], &sources()));
        assert!(Baseline::read(whole.as_bytes()).is_ok());
        let about = whole.split('"').find(|part| part.len() == 32).unwrap();
        for damaged in [
            whole.replace("camgrant.baseline/1", "camgrant.baseline/2"),
            whole.replace("\"count\": 1", "\"count\": 0"),
            whole.replace("\"count\": 1", "\"count\": -1"),
            whole.replace("\"count\"", "\"counts\""),
            whole.replace(about, "0"),
            whole.replace(about, &about.to_uppercase()),
            whole.replace(
                "    }\n",
                &format!("    }},\n{}    }}\n", whole.split("[\n").nth(1).unwrap().split("    }\n").next().unwrap()),
            ),
            whole.replace("}\n", ""),
            "[]".to_owned(),
            String::new(),
        ] {
            assert!(Baseline::read(damaged.as_bytes()).is_err(), "{damaged}");
        }
    }
}
