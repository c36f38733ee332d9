//! Reports of everything that can be wrong, held to what is published about each format: SARIF to its schema, JUnit to
//! the schema of Jenkins, our own JSON to the schema that we publish, GitHub's and GitLab's to their documents.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods)] // tests read their cases

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use camgrant::catalogue;
use camgrant::compile::{Compiled, Options, compile};
use camgrant::diagnostics::render::{Format, RenderOptions, render};
use camgrant::source::MemoryWorld;
use camgrant_formats::Schema;
use serde_json::Value;

/// A policy in which names, labels and paths hold whatever a format might stumble over.
const ODD: &str = "orgs: { acme: {} }\nusers: { \"a, b: 100% <x> & \\\"y\\\" [l](http://x)\\n\\e[31m\\uFFFF\": {} }\n\
                   teams: { t: { members: [nobody] } }\ngrants:\n- { to: t, role: std/live, scope: all }\n";

/// Every example of every page, and every case of `tests/mistakes`, with odd ones beside them.
fn policies() -> Vec<Compiled> {
    let mut policies = Vec::new();
    let mut add = |files: Vec<(String, String)>| {
        // without a clock: what it finds depends on the day
        policies.push(compile(&MemoryWorld::new(files), &Options::default()));
    };
    for rule in catalogue::all() {
        let example = rule.page.split("## Example").nth(1).and_then(|rest| rest.split("```yaml").nth(1));
        let Some((info, text)) = example.and_then(|rest| rest.split("```").next()?.split_once('\n')) else { continue };
        let path = if info.trim().is_empty() { "policy.yaml" } else { info.trim() };
        add(vec![(path.to_owned(), text.to_owned())]);
    }
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/mistakes");
    for entry in fs::read_dir(cases).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "yaml") {
            add(vec![("policy.yaml".to_owned(), fs::read_to_string(&path).unwrap())]);
        }
    }
    add(vec![("odd, 100%: <a>&\"b\"/ä.yaml".to_owned(), ODD.to_owned())]);
    add(vec![("flood.yaml".to_owned(), format!("orgs: {{ acme: {{}} }}\n{}", "? [a]\n: 1\n".repeat(150)))]);
    add(vec![]); // nothing to read: a finding without a text
    add(vec![("fine.yaml".to_owned(), "orgs: { acme: {} }\n".to_owned())]);
    assert!(policies.len() > 60, "only {} policies", policies.len());
    policies
}

fn report(compiled: &Compiled, format: Format) -> String {
    let mut out = Vec::new();
    let options = RenderOptions { folder: "policy", ..RenderOptions::default() };
    render(format, &compiled.diagnostics, &compiled.sources, &options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn validator(schema: &str) -> jsonschema::Validator {
    let mut schema: Value = serde_json::from_str(schema).unwrap();
    // as published, SARIF's pattern of a language has a bracket too many; no report says its language
    for object in ["run", "toolComponent"] {
        if let Some(language) = schema.pointer_mut(&format!("/definitions/{object}/properties/language")) {
            language.as_object_mut().unwrap().remove("pattern");
        }
    }
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

fn assert_valid(validator: &jsonschema::Validator, report: &str) -> Value {
    let value: Value = serde_json::from_str(report).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{}\n{report}", errors.join("\n"));
    value
}

#[test]
fn sarif_is_valid_and_what_it_points_to_is_there() {
    let validator = validator(include_str!("../published/sarif-schema-2.1.0.json"));
    let mut results = 0;
    for compiled in policies() {
        let log = assert_valid(&validator, &report(&compiled, Format::Sarif));
        let run = &log["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        let mut fingerprints = BTreeSet::new();
        for result in run["results"].as_array().unwrap() {
            results += 1;
            let rule = &rules[result["ruleIndex"].as_u64().unwrap() as usize];
            assert_eq!(rule["id"], result["ruleId"]);
            assert!(rule["help"]["markdown"].as_str().unwrap().starts_with("# CG"));
            let fingerprint = result["partialFingerprints"]["camgrantFinding/v1"].as_str().unwrap();
            assert!(fingerprints.insert(fingerprint.to_owned()), "{fingerprint} twice");
            let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
            assert!(uri.starts_with("policy"), "{uri}");
            for fix in result["fixes"].as_array().into_iter().flatten() {
                assert!(fix["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"].is_string());
            }
        }
    }
    assert!(results > 200, "only {results} results");
}

#[test]
fn a_schema_that_takes_anything_would_be_no_test() {
    let validator = validator(include_str!("../published/sarif-schema-2.1.0.json"));
    let compiled = policies().into_iter().find(|compiled| !compiled.diagnostics.is_empty()).unwrap();
    let mut log: Value = serde_json::from_str(&report(&compiled, Format::Sarif)).unwrap();
    log["runs"][0]["results"][0]["level"] = "fatal".into();
    assert!(!validator.is_valid(&log));
}

#[test]
fn our_own_json_is_valid() {
    let validator = validator(include_str!("../../../schema/diagnostics.schema.json"));
    for compiled in policies() {
        assert_valid(&validator, &report(&compiled, Format::Json));
    }
}

#[test]
fn junit_is_valid_and_counts_what_it_holds() {
    let schema = Schema::read(include_str!("../published/junit-10.xsd")).unwrap();
    for compiled in policies() {
        let xml = report(&compiled, Format::Junit);
        assert_eq!(schema.validate(&xml).unwrap(), Vec::<String>::new(), "{xml}");
        let failures = xml.matches("<failure ").count();
        assert!(xml.contains(&format!("tests=\"{}\"", xml.matches("<testcase ").count())), "{xml}");
        assert!(xml.contains(&format!("<testsuites name=\"camgrant\" tests=\"{}\" failures=\"{failures}\"", {
            xml.matches("<testcase ").count()
        })));
        assert_eq!(failures > 0, compiled.diagnostics.iter().any(|finding| finding.is_error()));
    }
}

/// The documented fields, the five severities, a fingerprint that is unique, a relative path.
#[test]
fn gitlab_gets_the_fields_that_it_reads() {
    for compiled in policies() {
        let issues: Vec<Value> = serde_json::from_str(&report(&compiled, Format::Gitlab)).unwrap();
        let mut fingerprints = BTreeSet::new();
        for issue in &issues {
            let keys: Vec<&String> = issue.as_object().unwrap().keys().collect();
            assert_eq!(keys, ["description", "check_name", "fingerprint", "severity", "location"]);
            assert!(["info", "minor", "major", "critical", "blocker"].contains(&issue["severity"].as_str().unwrap()));
            assert!(fingerprints.insert(issue["fingerprint"].as_str().unwrap().to_owned()));
            let path = issue["location"]["path"].as_str().unwrap();
            assert!(!path.starts_with(['/', '.']), "{path}");
            assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() >= 1);
            assert!(issue["description"].as_str().is_some_and(|text| !text.is_empty()));
        }
        assert!(issues.len() <= compiled.diagnostics.len());
    }
}

/// What the runner reads: `::name key=value,key=value::data`, each in one line, and unescaped again what it was.
#[test]
fn github_gets_one_command_a_line() {
    for compiled in policies() {
        let commands = report(&compiled, Format::Github);
        for line in commands.lines() {
            let rest = line.strip_prefix("::").unwrap();
            let (head, data) = rest.split_once("::").unwrap();
            let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
            assert!(["error", "warning", "notice"].contains(&name), "{line}");
            let mut keys = Vec::new();
            for property in properties.split(',').filter(|property| !property.is_empty()) {
                let (key, value) = property.split_once('=').unwrap();
                assert!(!value.contains([':', '\r']), "{line}");
                keys.push(key);
            }
            let all = ["file", "line", "endLine", "col", "endColumn", "title"];
            assert!(keys.iter().all(|key| all.contains(key)), "{line}");
            assert!(name == "notice" || keys.contains(&"title"), "{line}");
            for (at, _) in data.match_indices('%') {
                assert!(["25", "0A", "0D"].contains(&&data[at + 1..at + 3]), "{line}");
            }
        }
        assert!(commands.lines().count() >= compiled.diagnostics.len().min(100));
    }
}
