//! Whatever bytes arrive, the answer is a report or a table: never a panic, never an endless run.

#![allow(clippy::disallowed_methods)] // tests read their cases and write to temporary folders
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use camgrant::compile::{BudgetFlags, Compiled, Options};
use camgrant::diagnostics::render::{Format, RenderOptions, render};
use camgrant::source::MemoryWorld;
use camgrant::source::disk::DiskWorld;
use camgrant_naive::random::Rng;
use support::{codes, files_below, lines, repository, survive, table_of};

fn survive_bytes(bytes: impl Into<Vec<u8>>) -> Compiled {
    survive(&MemoryWorld::new([("policy.yaml", bytes.into())]), &Options::default())
}

/// Survives, and finds exactly these codes.
fn expect(bytes: impl Into<Vec<u8>>, expected: &[&str]) -> Compiled {
    let compiled = survive_bytes(bytes);
    assert_eq!(codes(&compiled).into_iter().collect::<Vec<_>>(), expected, "{:#?}", lines(&compiled));
    compiled
}

// -- bytes ---------------------------------------------------------------------------------------------------------

#[test]
fn random_bytes() {
    let mut rng = Rng::new(1);
    for _ in 0..300 {
        let length = rng.below(400);
        let bytes: Vec<u8> = (0..length).map(|_| rng.bits() as u8).collect();
        let valid = std::str::from_utf8(&bytes).is_ok();
        let compiled = survive_bytes(bytes);
        if !valid {
            assert_eq!(lines(&compiled).len(), 1, "{:?}", lines(&compiled));
            assert!(codes(&compiled).contains("CG0002"));
        }
    }
}

#[test]
fn random_signs_of_yaml() {
    const SIGNS: [&str; 40] = [
        "{", "}", "[", "]", ":", ": ", "- ", "? ", ", ", "\n", "\n  ", "\n    ", "&a ", "*a", "*", "&", "!x ",
        "!!str ", "|\n", ">-\n", "'", "\"", "#", " #", "%", "@", "`", "---\n", "...\n", "<<", "~", "\t", "\r",
        "\u{feff}", "é", "orgs", "users", "grants", "x", "\u{2028}",
    ];
    let mut rng = Rng::new(2);
    for _ in 0..1500 {
        let length = rng.between(1, 40);
        let text: String = (0..length).map(|_| *rng.pick(&SIGNS)).collect();
        survive_bytes(text);
    }
}

#[test]
fn bytes_that_are_no_text() {
    expect(*b"orgs: { acme: { name: \"B\xfcro\" } }", &["CG0002"]);
    expect(*b"\xff\xfeo\0r\0g\0s\0", &["CG0002"]); // UTF-16
    expect(*b"\xed\xa0\x80", &["CG0002"]); // half of a pair
    expect(*b"\xc0\xaf", &["CG0002"]); // longer than need be
    expect(*b"orgs: { acme: {} }\xe2\x82", &["CG0002"]); // broken off
    let compiled = expect(*b"\xef\xbb\xbforgs: \xff", &["CG0002"]);
    assert!(lines(&compiled)[0].contains("byte 9"), "{:?}", lines(&compiled));
}

#[test]
fn signs_that_yaml_does_not_take() {
    expect("orgs: { acme: {} }\nusers: { a\0b: {} }", &["CG0101"]);
    survive_bytes("\0");
    survive_bytes("orgs: { acme: { name: \"\u{7f}\u{80}\u{85}\u{fffe}\" } }");
    survive_bytes("orgs: { acme: { name: \"\\0\\x1b[31m\\u2028\\U0010FFFF\" } }");
    survive_bytes("orgs: { acme: { name: \"\\UFFFFFFFF\" } }");
    survive_bytes("orgs: { acme: { name: \"\\ud800\" } }");
}

#[test]
fn line_ends_and_marks() {
    // a carriage return alone ends a line, too
    expect("orgs:\r  acme: {}\rdevices:\r  dock:\r", &[]);
    expect("orgs:\r\n  acme: {}\ndevices:\r\n  dock:", &[]);
    expect("\u{feff}orgs: { acme: {} }", &[]);
    survive_bytes("\u{feff}\u{feff}orgs: { acme: {} }");
    survive_bytes("orgs: { acme: {} }\n---\n\u{feff}users: { nina: {} }\n");
    survive_bytes("\u{feff}");
    survive_bytes("");
    survive_bytes("\n\n# nothing\n---\n---\n...\n---\n");
    survive_bytes("%YAML 1.2\n---\norgs: { acme: {} }\n");
    survive_bytes("%YAML 9.9\n---\norgs: { acme: {} }\n");
    survive_bytes("%TAG ! tag:example.org,2000:\n---\norgs: { acme: !x {} }\n");
}

/// Whatever stands where a section is expected.
#[test]
fn documents_that_are_no_mappings() {
    for text in
        ["text", "- a\n- b", "42", "[[]]", "? [a]\n: b", "{ ? {} : {} }", "{ [a]: b }", "\"orgs\"", "!!map {}", "*a"]
    {
        let compiled = survive_bytes(text);
        assert!(compiled.policy.is_none(), "`{text}` compiles");
    }
}

// -- depth and size ------------------------------------------------------------------------------------------------

#[test]
fn ten_thousand_levels() {
    for open in ["[", "{", "- ", "? ", "[{", "{a: ", "[? ", "- - ? ", "&a ["] {
        let compiled = survive_bytes(open.repeat(10_000));
        assert!(compiled.policy.is_none(), "`{open}`");
        assert!(compiled.diagnostics.len() < 20, "`{open}`: {:#?}", lines(&compiled));
        let inside = format!("orgs: {{ acme: {{}} }}\nusers: {}", open.repeat(10_000));
        assert!(survive_bytes(inside).policy.is_none(), "`{open}`, inside");
    }
    let mut steps = String::from("orgs: { acme: {} }\nusers:\n");
    for depth in 1..2000 {
        writeln!(steps, "{}a:", " ".repeat(depth)).unwrap();
    }
    expect(steps, &["CG0106"]);
    let closed = format!("orgs: {{ acme: {{}} }}\ngrants: {}{}\n", "[".repeat(10_000), "]".repeat(10_000));
    expect(closed, &["CG0106"]);
}

/// What is wrong with a manifest is shown in the manifest, also where its own limits keep it from being read among the
/// files: found by fuzzing, since the places were then those of another file.
#[test]
fn a_manifest_that_its_own_limits_shut_out() {
    for limit in ["max_files: 1", "max_file_bytes: 10", "max_total_bytes: 150", "max_total_bytes: 1"] {
        let manifest = format!("camgrant: 1\nlimits: {{ {limit} }}\nlints: {{ view_over_denied: warn }}\n");
        let world = MemoryWorld::new([
            ("a.yaml", format!("# {}\norgs: {{ acme: {{}} }}\n", "a".repeat(70))),
            ("b.yaml", format!("# {}\nusers: {{ nina: {{}} }}\n", "b".repeat(400))),
            ("camgrant.yaml", manifest),
        ]);
        let compiled = survive(&world, &Options::default());
        assert!(compiled.policy.is_none());
        let wrong = compiled.diagnostics.iter().find(|d| d.rule.code == "CG0301").unwrap();
        assert_eq!(compiled.sources.file(wrong.span.file).path, "camgrant.yaml", "{limit}");
        assert_eq!(compiled.sources.slice(wrong.span), "view_over_denied", "{limit}");
        let paths = compiled.sources.iter().filter(|(_, file)| file.path == "camgrant.yaml").count();
        assert_eq!(paths, 1, "{limit}: the manifest is there once");
    }
}

/// However high the budget is set, the stack is finite.
#[test]
fn a_raised_budget_does_not_reach_the_end_of_the_stack() {
    let budgets = BudgetFlags { max_depth: Some(u64::MAX), ..BudgetFlags::default() };
    let options = Options { budgets, ..Options::default() };
    let groups =
        format!("orgs: {{ acme: {{}} }}\nsites: {{ hq: {}{} }}\n", "{ groups: { g: ".repeat(5000), "} }".repeat(5000));
    for text in [groups, "[".repeat(100_000), "- ".repeat(100_000), "{a: ".repeat(100_000)] {
        let compiled = survive(&MemoryWorld::new([("policy.yaml", text)]), &options);
        assert!(compiled.policy.is_none());
    }
}

#[test]
fn deep_groups() {
    let nested = |levels: usize| {
        format!(
            "orgs: {{ acme: {{ max_group_depth: 32 }} }}\nsites: {{ hq: {}{} }}\n",
            "{ groups: { g: ".repeat(levels),
            "} }".repeat(levels)
        )
    };
    expect(nested(30), &[]);
    expect(nested(32), &["CG0106"]);
    let budgets = BudgetFlags { max_depth: Some(128), ..BudgetFlags::default() };
    let options = Options { budgets, ..Options::default() };
    let compiled = survive(&MemoryWorld::new([("policy.yaml", nested(60))]), &options);
    assert_eq!(lines(&compiled).len(), 1, "the first that lies too deep, and not all below: {:#?}", lines(&compiled));
    assert!(codes(&compiled).contains("CG0404"));
}

#[test]
fn five_megabytes_of_text() {
    let long = "a".repeat(5 << 20);
    expect(format!("orgs: {{ acme: {{ name: {long} }} }}"), &[]);
    expect(format!("orgs: {{ acme: {{ name: \"{long}\" }} }}"), &[]);
    // (YAML itself takes no key of more than 1024 signs, unless a `?` says that it is one)
    assert!(survive_bytes(format!("orgs: {{ {long}: {{}} }}")).policy.is_none());
    assert!(survive_bytes(format!("orgs: {{ acme: {{}} }}\n{long}: 1")).policy.is_none());
    expect(format!("orgs: {{ acme: {{}} }}\nusers:\n  ? {long}\n  :"), &["CG0205"]);
    expect(format!("orgs: {{ acme: {{ timezone: {long} }} }}"), &["CG0207"]);
    expect(
        format!("orgs: {{ acme: {{}} }}\nusers: {{ nina: {{ same_as: {long}, from: {long}, networks: {long} }} }}"),
        &["CG0206", "CG0301"],
    );
    let grant = format!("orgs: {{ acme: {{}} }}\ngrants: [{{ to: {long}, allow: {long}, scope: {long} }}]");
    expect(grant, &["CG0211", "CG0301", "CG0307"]);
    expect(format!("orgs: {{ acme: {{}} }}\n# {long}"), &[]);
    expect(format!("orgs: {{ acme: {{}} }}\nusers: {{ nina: {{ name: \"{long} }} }}"), &["CG0101"]);
}

/// What is quoted from a policy is cut to what a line can bear.
#[test]
fn long_words_are_quoted_in_short() {
    let long = "a".repeat(100_000);
    expect(format!("orgs: {{ acme: {{}} }}\n? {long}\n: 1"), &["CG0201"]);
    expect(format!("orgs: {{ acme: {{}} }}\nusers:\n  ? {long}\n  :\n  ? {long}\n  :"), &["CG0102", "CG0205"]);
    expect(format!("orgs: {{ acme: {{ ungrouped_devices: {long} }} }}"), &["CG0215"]);
    expect(format!("orgs: {{ acme: *{long} }}"), &["CG0107"]);
    expect(format!("orgs: {{ acme: !{long} {{}} }}"), &["CG0103"]);
    let world = MemoryWorld::new([
        ("camgrant.yaml", format!("lints:\n  ? {long}\n  : warn\n")),
        ("a.yaml", "orgs: { acme: }".into()),
    ]);
    survive(&world, &Options::default());
}

#[test]
fn many_keys() {
    let mut text = String::from("orgs: { acme: {} }\nusers:\n");
    for number in 0..200_000 {
        writeln!(text, "  u{number}:").unwrap();
    }
    text.push_str("  u777:\n");
    let compiled = expect(text, &["CG0102"]);
    assert_eq!(lines(&compiled).len(), 1);
}

/// As many mistakes as there can be. (Each suggestion costs a walk over all names, so there are only so many of them.)
#[test]
fn many_mistakes() {
    let mut text = String::from("orgs: { acme: {} }\nusers:\n");
    for number in 0..4_000 {
        writeln!(text, "  user-{number}:").unwrap();
    }
    text.push_str("teams:\n  all:\n    members:\n");
    for number in 0..4_000 {
        writeln!(text, "      - usr-{number}").unwrap();
    }
    let compiled = expect(text, &["CG0301"]);
    assert_eq!(compiled.diagnostics.len(), 4_000);
}

#[test]
fn huge_numbers() {
    for number in
        ["99999999999999999999999999", "18446744073709551616", "-1", "1e309", ".inf", "0xfffffffffffffffff", "4.5"]
    {
        let text = format!("orgs: {{ acme: {{ max_group_depth: {number}, licenses: {{ pro: {number} }} }} }}");
        let compiled = survive_bytes(text);
        assert_eq!(compiled.diagnostics.len(), 2, "{number}: {:#?}", lines(&compiled));
    }
    // the greatest that fit, added up
    let most = u64::MAX;
    let text = format!(
        "orgs: {{ acme: {{ licenses: {{ pro: {most} }} }} }}\nusers: {{ a: {{ licenses: {{ pro: {most} }} }}, b: {{ licenses: {{ pro: {most} }} }} }}"
    );
    expect(text, &["CG0503"]);
    for (limit, codes) in [("0", vec![]), ("18446744073709551615", vec!["CG0216"])] {
        let manifest = format!("limits: {{ max_table_bytes: {limit} }}\n");
        let world = MemoryWorld::new([("camgrant.yaml", manifest), ("a.yaml", "orgs: { acme: }".to_owned())]);
        let compiled = survive(&world, &Options::default());
        assert_eq!(support::codes(&compiled).into_iter().collect::<Vec<_>>(), codes);
    }
}

#[test]
fn budgets_of_nothing() {
    let limits = [
        "max_file_bytes",
        "max_files",
        "max_total_bytes",
        "max_alternatives",
        "max_table_bytes",
        "max_depth",
        "max_alias_expansion",
    ];
    let policy = "orgs: { acme: {} }\nusers: { a: &a { name: A }, b: *a }\ndevices: { d: }\ngrants: [{ to: everyone, role: std/live, scope: all }]\n";
    for limit in limits {
        let manifest = format!("limits: {{ {limit}: 0 }}\n");
        let world = MemoryWorld::new([("camgrant.yaml", manifest.as_str()), ("policy.yaml", policy)]);
        survive(&world, &Options::default());
    }
}

// -- aliases -------------------------------------------------------------------------------------------------------

#[test]
fn a_bomb_of_aliases() {
    let mut text = String::from("x-0: &x0 [a, a, a, a, a, a, a, a, a, a]\n");
    for level in 1..12 {
        let below = format!("*x{}", level - 1);
        writeln!(text, "x-{level}: &x{level} [{}]", [below.as_str(); 10].join(", ")).unwrap();
    }
    // where nobody looks, it costs nothing
    expect(format!("{text}orgs: {{ acme: {{}} }}\n"), &[]);
    for place in [
        "users: { u: { networks: *x11 } }",
        "grants: *x11",
        "teams: { t: { members: *x11 } }",
        "orgs: *x11",
        "devices: { d: *x11 }",
        "nonsense: *x11",
        "schedules: { s: { weekly: { mon: *x11 } } }",
    ] {
        let compiled = survive_bytes(format!("{text}orgs: {{ acme: {{}} }}\n{place}\n"));
        assert!(compiled.policy.is_none(), "{place}");
        assert!(compiled.diagnostics.len() < 20, "{place}: {} findings", compiled.diagnostics.len());
    }
    let mut maps = String::from("x-0: &x0 { groups: { a: {}, b: {} } }\n");
    for level in 1..30 {
        writeln!(maps, "x-{level}: &x{level} {{ groups: {{ a: *x{0}, b: *x{0} }} }}", level - 1).unwrap();
    }
    let bomb = format!("{maps}orgs: {{ acme: {{ max_group_depth: 32 }} }}\nsites: {{ hq: *x25 }}\n");
    assert!(survive_bytes(bomb).policy.is_none());
}

#[test]
fn anchors_that_contain_themselves() {
    for text in [
        "&a [*a]",
        "&a { b: *a }",
        "orgs: { acme: {} }\nusers: &u { nina: *u }",
        "orgs: { acme: {} }\nsites: { hq: &g { groups: { x: *g } } }",
        "&root\norgs: { acme: *root }\nusers: *root",
        "orgs: { acme: {} }\ngrants: &g [*g, *g]",
        "? &k { *k : 1 }\n: 2",
        "orgs: &o { *o : {} }",
    ] {
        let compiled = survive_bytes(text);
        assert!(
            codes(&compiled).contains("CG0107") || codes(&compiled).contains("CG0101"),
            "{text}: {:#?}",
            lines(&compiled)
        );
    }
}

// -- meaning that multiplies ---------------------------------------------------------------------------------------

/// Twenty levels of two teams, each with a condition of its own: a million ways to one user.
fn a_million_ways(levels: usize, condition: &str) -> String {
    let mut text = String::from("orgs: { acme: {} }\nusers: { nina: {} }\ndevices: { dock: {} }\nschedules: {}\n");
    if condition == "schedule" {
        text = text.replace("schedules: {}", "schedules:");
    }
    for level in (0..levels).filter(|_| condition == "schedule") {
        for side in 0..2 {
            writeln!(text, "  s{level}-{side}: {{ weekly: {{ mon: {level:02}:{side}0-{level:02}:{side}9 }} }}")
                .unwrap();
        }
    }
    text.push_str("teams:\n");
    for level in 0..levels {
        for side in 0..2 {
            let last = level == levels - 1;
            let members = if last { "nina".to_owned() } else { format!("[team:t{0}-0, team:t{0}-1]", level + 1) };
            let stated = match condition {
                "networks" => format!("networks: [10.{side}.{level}.0/24, 99.0.0.0/8]"),
                "schedule" => format!("schedule: s{level}-{side}"),
                _ => format!("from: 20{}-0{}-01, until: 20{}-0{}-01", 10 + level, 1 + side, 60 + level, 1 + side),
            };
            writeln!(text, "  t{level}-{side}: {{ members: {members}, {stated} }}").unwrap();
        }
    }
    text.push_str("grants:\n  - { to: [team:t0-0, team:t0-1], role: std/live, scope: all }\n");
    text.push_str("  - { to: team:t0-0, deny: live.zoom, scope: all }\n");
    text
}

/// Most of the ways come to the same, and what is left of them is little.
#[test]
fn a_million_ways_that_are_few() {
    for condition in ["networks", "from"] {
        // the team of the lowest level is in the one above
        let compiled = expect(a_million_ways(20, condition), &["CG1004"]);
        assert!(table_of(compiled.policy.as_ref().unwrap(), "expanded").len() < 10_000, "{condition}");
    }
}

/// No two of them are the same, and no schedule lies in another.
#[test]
fn hundreds_of_ways_that_are_different() {
    expect(a_million_ways(9, "schedule"), &["CG0506"]);
}

#[test]
fn a_million_ways_that_are_different() {
    let compiled = expect(a_million_ways(20, "schedule"), &["CG0506"]);
    // those who list a team that is over the budget are so by that alone
    assert!(compiled.diagnostics.len() <= 3, "{:#?}", lines(&compiled));
}

/// Alternatives by as many grants.
fn many_alternatives(count: usize) -> String {
    let mut text = String::from("orgs: { acme: {} }\nusers: { nina: {} }\ndevices: { dock: {} }\ngrants:\n");
    for number in 0..count {
        let (a, b) = (number / 256, number % 256);
        writeln!(text, "  - {{ to: nina, allow: live.view, scope: device:dock, networks: 10.{a}.{b}.0/24 }}").unwrap();
    }
    text
}

#[test]
fn hundreds_of_alternatives() {
    expect(many_alternatives(256), &[]);
    expect(many_alternatives(257), &["CG0506"]);
}

#[test]
fn thousands_of_alternatives() {
    expect(many_alternatives(8_000), &["CG0506"]);
}

#[test]
fn a_long_chain() {
    let mut text = String::from("orgs: { acme: {} }\ndevices: { dock: {} }\nusers:\n  u0:\n");
    for number in 1..5_000 {
        writeln!(text, "  u{number}: {{ same_as: u{} }}", number - 1).unwrap();
    }
    text.push_str("teams:\n  t0: { members: [u0] }\n");
    // (each team has all users of the one before it)
    for number in 1..200 {
        writeln!(text, "  t{number}: {{ members: [team:t{}] }}", number - 1).unwrap();
    }
    text.push_str("roles:\n  r0: { allow: live.view }\n");
    for number in 1..5_000 {
        writeln!(text, "  r{number}: {{ extends: r{} }}", number - 1).unwrap();
    }
    text.push_str("grants: [{ to: team:t199, role: r4999, scope: all }]\n");
    let closed = text.replace("  u0:\n", "  u0: { same_as: u4999 }\n");
    assert_ne!(closed, text);
    // a circle of five thousand is one circle
    let compiled = survive_bytes(closed);
    assert_eq!(
        compiled.diagnostics.len(),
        1,
        "{:?}",
        compiled.diagnostics.iter().map(|d| d.rule.code).collect::<Vec<_>>()
    );
}

/// Who equals whom in a chain is known without a list for everyone in it.
#[test]
fn a_chain_of_equals() {
    let mut text = String::from("orgs: { acme: {} }\ndevices: { dock: {} }\nusers:\n  u0: { networks: 10.0.0.0/8 }\n");
    for number in 1..30_000 {
        writeln!(text, "  u{number}: {{ same_as: u{} }}", number - 1).unwrap();
    }
    text.push_str("grants: [{ to: u15000, allow: live.view, scope: all }]\n");
    let compiled = survive_bytes(text);
    let table = table_of(compiled.policy.as_ref().unwrap(), "compact");
    assert_eq!(table.matches("\"10.0.0.0/8\"").count(), 15_000, "each has the networks of the first");
}

/// A list of networks is put together at once, and a long one is there once, in however many grants it stands.
#[test]
fn long_lists_of_networks() {
    let blocks: Vec<String> =
        (0..20_000).map(|n| format!("10.{}.{}.{}", n >> 15, (n >> 7) & 255, (n << 1) & 255)).collect();
    let mut text = String::from("orgs: { acme: {} }\nusers: { nina: {} }\ndevices: { dock: {} }\n");
    writeln!(text, "networks: {{ many: [{}] }}\ngrants:", blocks.join(", ")).unwrap();
    let to_dock = "to: nina, allow: live.view, scope: device:dock";
    writeln!(text, "  - {{ {to_dock}, networks: [{}] }}", blocks.join(", ")).unwrap();
    for _ in 0..2_000 {
        writeln!(text, "  - {{ {to_dock}, networks: many }}").unwrap();
    }
    expect(text, &["CG1004"]);
}

/// Organisations know nothing of one another; what is said of a name that is another's costs no search through them all.
#[test]
fn many_organisations() {
    const COUNT: usize = 8_000;
    let mut text = String::from("orgs:\n");
    for number in 0..COUNT {
        writeln!(text, "  o{number}:").unwrap();
    }
    for number in 0..COUNT {
        writeln!(text, "---\norg: o{number}\nusers: {{ u{number}: }}").unwrap();
        writeln!(text, "teams: {{ t: {{ members: [u{}, v{number}] }} }}", (number + 1) % COUNT).unwrap();
    }
    let compiled = expect(text.clone(), &["CG0301", "CG0305"]);
    assert_eq!(compiled.diagnostics.len(), 2 * COUNT);
    // (what is declared where the organisation is not known may be meant by anybody)
    for number in 0..COUNT {
        writeln!(text, "---\norg: p{number}\nusers: {{ v{number}: }}").unwrap();
    }
    let compiled = expect(text, &["CG0301", "CG0305"]);
    assert_eq!(compiled.diagnostics.len(), 2 * COUNT);
}

#[test]
fn everybody_on_everything() {
    let mut text = String::from("orgs: { acme: {} }\nusers:\n");
    for number in 0..3000 {
        writeln!(text, "  u{number}:").unwrap();
    }
    text.push_str("devices:\n");
    for number in 0..3000 {
        writeln!(text, "  d{number}:").unwrap();
    }
    text.push_str("grants: [{ to: everyone, allow: '*', scope: all }]\n");
    let compiled = expect(text, &["CG1019"]);
    // nine million rights, and a table that does not multiply them out
    assert!(table_of(compiled.policy.as_ref().unwrap(), "compact").len() < 1 << 20);
}

// -- mutations -----------------------------------------------------------------------------------------------------

/// The hospital with bytes deleted, inserted and flipped, and pieces moved about.
#[test]
fn mutated_examples() {
    let files = files_below(&repository("examples/hospital"), &["yaml"]);
    let originals: Vec<(String, Vec<u8>)> = files.into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
    let clean = survive(&MemoryWorld::new(originals.iter().cloned()), &Options::default());
    assert!(clean.diagnostics.is_empty(), "{:#?}", lines(&clean));
    const PIECES: [&str; 16] =
        ["{", "}", "[", "]", ": ", "- ", "\n", "\"", "'", "#", "*", "&a ", "\t", "---\n", ", ", "é"];
    let mut rng = Rng::new(7);
    let mut broken = 0;
    for _ in 0..300 {
        let mut files = originals.clone();
        for _ in 0..rng.between(1, 3) {
            let file = rng.below(files.len());
            let bytes = &mut files[file].1;
            let at = rng.below(bytes.len());
            match rng.below(5) {
                0 => drop(bytes.remove(at)),
                1 => drop(bytes.splice(at..at, rng.pick(&PIECES).bytes())),
                2 => bytes[at] ^= 1 << rng.below(8),
                3 => {
                    let end = (at + rng.between(1, 60)).min(bytes.len());
                    bytes.drain(at..end);
                }
                _ => {
                    let end = (at + rng.between(1, 60)).min(bytes.len());
                    let piece: Vec<u8> = bytes[at..end].to_vec();
                    let to = rng.below(bytes.len());
                    bytes.splice(to..to, piece);
                }
            }
        }
        let compiled = survive(&MemoryWorld::new(files), &Options::default());
        broken += usize::from(!compiled.diagnostics.is_empty());
    }
    assert!(broken > 150, "only {broken} of 300 mutations were noticed");
}

/// Every file broken off at many places.
#[test]
fn truncated_examples() {
    for example in ["agent-dvr", "camera-cloud", "dw-spectrum", "verkada", "web-client"] {
        let text = fs::read(repository("examples").join(example).join("policy.yaml")).unwrap();
        for part in 0..24 {
            survive_bytes(&text[..text.len() * part / 24]);
        }
    }
}

// -- on disk -------------------------------------------------------------------------------------------------------

struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Folder {
        let folder = Folder(tempfile::tempdir().unwrap());
        for (path, text) in files {
            folder.write(path, text);
        }
        folder
    }

    fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    #[cfg(unix)]
    fn link(&self, to: impl AsRef<Path>, path: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(to, path).unwrap();
    }

    /// What a compile of the folder (or of a path in it) finds: `path: code`.
    fn found(&self, path: &str) -> Vec<String> {
        let compiled = self.compiled(path);
        compiled
            .diagnostics
            .iter()
            .map(|d| format!("{}: {}", compiled.sources.file(d.span.file).path, d.rule.code))
            .collect()
    }

    fn compiled(&self, path: &str) -> Compiled {
        survive(&DiskWorld::open(&self.0.path().join(path), u64::MAX), &Options::default())
    }

    fn paths(&self) -> Vec<String> {
        self.compiled("").sources.iter().map(|(_, file)| file.path.clone()).collect()
    }
}

const ACME: (&str, &str) = ("acme.yaml", "orgs: { acme: {} }\n");

#[test]
fn a_folder_with_nothing_in_it() {
    assert_eq!(Folder::new(&[]).found(""), [".: CG0009"]);
    let hidden = Folder::new(&[("README.md", "# hello"), (".hidden.yaml", "a: ["), (".git/x.yaml", "b: [")]);
    assert_eq!(hidden.found(""), [".: CG0009"]);
}

#[test]
fn hidden_files_are_passed_over() {
    let folder =
        Folder::new(&[ACME, (".acme.yaml", "a: ["), (".git/config.yaml", "b: ["), ("sites/.draft.yml", "c: [")]);
    assert_eq!(folder.found(""), [""; 0]);
    assert_eq!(folder.paths(), ["acme.yaml"]);
}

#[test]
fn endings_in_capitals() {
    let folder =
        Folder::new(&[ACME, ("a.YAML", "a: ["), ("sub/b.Yml", "b: ["), ("c.yaml.bak", "c: ["), ("d.yaML", "")]);
    assert_eq!(folder.found(""), ["a.YAML: CG0008", "d.yaML: CG0008", "sub/b.Yml: CG0008"]);
}

#[test]
fn bytes_on_disk_that_are_no_text() {
    let folder = Folder::new(&[ACME, ("ok.yml", "devices: { dock: {} }")]);
    folder.write("latin.yaml", b"devices: { b\xfcro: {} }");
    assert_eq!(folder.found(""), ["latin.yaml: CG0002"]);
    // and what is wrong elsewhere is said in the same run, unknown names aside
    folder.write("more.yaml", "grants: [{ to: nobody, allow: live.veiw, scope: device:nowhere }]");
    assert_eq!(folder.found(""), ["latin.yaml: CG0002", "more.yaml: CG0307"]);
}

#[test]
fn a_path_that_is_not_there() {
    let folder = Folder::new(&[ACME]);
    let compiled = folder.compiled("missing.yaml");
    assert_eq!(codes(&compiled).into_iter().collect::<Vec<_>>(), ["CG0001"]);
    assert!(compiled.policy.is_none());
    assert_eq!(folder.found("acme.yaml"), [""; 0]);
}

#[test]
fn budgets_of_files() {
    let big = format!("devices: {{ dock: {{ name: {} }} }}\n", "dock ".repeat(20));
    let folder = Folder::new(&[ACME, ("big.yaml", &big), ("small.yaml", "")]);
    let manifest = "limits: { max_total_bytes: 000 }\n".len();
    let total = ACME.1.len() + big.len() + manifest;
    for (limit, expected) in [
        // all limits are inclusive
        (format!("max_file_bytes: {}", big.len()), vec![]),
        (format!("max_file_bytes: {}", big.len() - 1), vec!["big.yaml: CG0003"]),
        ("max_files: 4".to_owned(), vec![]),
        ("max_files: 3".to_owned(), vec![".: CG0004"]),
        (format!("max_total_bytes: {total}"), vec![]),
        // the first that does not fit, by path
        (format!("max_total_bytes: {}", total - 1), vec!["camgrant.yaml: CG0005"]),
        (format!("max_total_bytes: {}", big.len()), vec!["big.yaml: CG0005"]),
    ] {
        folder.write("camgrant.yaml", format!("limits: {{ {limit} }}\n"));
        assert_eq!(folder.found(""), expected, "{limit}");
    }
}

#[cfg(unix)]
mod links {
    use super::*;

    #[test]
    fn a_loop_is_said_and_not_followed() {
        let folder = Folder::new(&[ACME, ("sites/hq.yaml", "sites: { hq: {} }")]);
        folder.link("..", "sites/back");
        folder.link(".", "self");
        assert_eq!(folder.found(""), ["self: CG0006", "sites/back: CG0006"]);
        let endless = Folder::new(&[ACME]);
        endless.link("b.yaml", "a.yaml");
        endless.link("a.yaml", "b.yaml");
        let found = endless.found("");
        assert_eq!(found.len(), 2, "{found:?}");
    }

    #[test]
    fn a_way_out_is_said_and_not_followed() {
        let outside = Folder::new(&[("secret.yaml", "orgs: { other: {} }"), ("below/x.yaml", "orgs: { another: {} }")]);
        let folder = Folder::new(&[ACME]);
        folder.link(outside.0.path().join("secret.yaml"), "in.yaml");
        folder.link(outside.0.path().join("below"), "folder");
        folder.link("../../../../../../../../../../etc/hostname", "host.yml");
        let found = folder.found("");
        assert!(found.contains(&"in.yaml: CG0007".to_owned()), "{found:?}");
        assert!(found.contains(&"folder: CG0007".to_owned()), "{found:?}");
        assert!(found.iter().any(|line| line.starts_with("host.yml: ")), "{found:?}");
        assert_eq!(found.len(), 3, "{found:?}");
    }

    #[test]
    fn a_file_reached_by_two_ways_counts_once() {
        let folder = Folder::new(&[ACME, ("sites/hq.yaml", "sites: { hq: {} }")]);
        folder.link("sites", "again");
        folder.link("sites/hq.yaml", "zz.yaml");
        folder.link("acme.yaml", "0.yml");
        assert_eq!(folder.found(""), [""; 0]);
        assert_eq!(folder.compiled("").sources.len(), 2);
    }

    /// Each folder has two links to the next: a thousand million ways to the last one.
    #[test]
    fn ways_that_double_are_walked_once() {
        let folder = Folder::new(&[ACME, ("30/dock.yaml", "devices: { dock: {} }")]);
        for number in 0..30 {
            for name in ["a", "b"] {
                folder.link(format!("../{}", number + 1), &format!("{number}/{name}"));
            }
        }
        assert_eq!(folder.found(""), [""; 0]);
        assert_eq!(folder.compiled("").sources.len(), 2);
    }

    #[test]
    fn a_link_to_nothing_is_said() {
        let folder = Folder::new(&[ACME]);
        folder.link("nowhere", "gone.yaml");
        folder.link("nowhere", "no-policy-file");
        assert_eq!(folder.found(""), ["gone.yaml: CG0001"]);
        // what leads round and round may have hidden something
        folder.link("circle", "circle");
        assert_eq!(folder.found(""), ["circle: CG0001", "gone.yaml: CG0001"]);
    }

    #[test]
    fn a_hidden_folder_is_not_entered_by_a_link_to_it() {
        let folder = Folder::new(&[ACME, (".drafts/x.yaml", "devices: { dock: {} }")]);
        folder.link(".drafts", "drafts");
        // the link's own name is not hidden: who wrote it wants it read
        assert_eq!(folder.found(""), [""; 0]);
        assert_eq!(folder.compiled("").sources.len(), 2);
    }

    #[test]
    fn a_name_that_is_no_text() {
        use std::os::unix::ffi::OsStrExt;
        let folder = Folder::new(&[ACME]);
        let name = std::ffi::OsStr::from_bytes(b"b\xfcro.yaml");
        if fs::write(folder.0.path().join(name), "devices: { dock: {} }").is_ok() {
            let compiled = folder.compiled("");
            assert_eq!(codes(&compiled).into_iter().collect::<Vec<_>>(), ["CG0001"], "{:?}", lines(&compiled));
        }
    }
}

/// Text from a policy cannot paint on a terminal, and no name of a file either.
#[test]
fn reports_hold_no_signs_that_steer_a_terminal() {
    let text = "orgs: { acme: {} }\n\"\\e[31mred\\a\": 1\nusers: { \"a\\e]0;x\\a\": {} }\n# \u{1b}[2J\n";
    let names =
        ["policy.yaml", "\u{1b}[2Jnone.yaml", "line\nfeed.yaml", "\u{202e}turned.yaml", "bell\u{7}/\u{9b}1m.yaml"];
    let compiled = survive(&MemoryWorld::new(names.map(|name| (name, text))), &Options::default());
    assert!(compiled.diagnostics.len() > 2 * names.len());
    for format in [Format::Human, Format::Short] {
        let mut out = Vec::new();
        render(format, &compiled.diagnostics, &compiled.sources, &RenderOptions::default(), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(!text.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'), "{text:?}");
    }
}
