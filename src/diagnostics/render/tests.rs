//! Reports over small sources with everything that makes a report go wrong.

use insta::assert_snapshot;

use super::*;
use crate::diagnostics::Rule;
use crate::source::{FileId, SourceFile, Span};

static ERROR: Rule = Rule::error("CG0301", "# CG0301: an unknown name");
static LINT: Rule = Rule::lint("CG1002", "condition-not-covered", Level::Warn, "# CG1002: conditions");

fn sources<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Sources {
    let mut sources = Sources::default();
    for (path, text) in files {
        sources.add(SourceFile::new(path.into(), text.into()));
    }
    sources
}

/// The `nth` place of `needle` in a file.
fn span(sources: &Sources, file: u32, needle: &str, nth: usize) -> Span {
    let text = &sources.file(FileId(file)).text;
    let (start, _) = text.match_indices(needle).nth(nth).expect("the needle is there");
    Span::new(FileId(file), start as u32, (start + needle.len()) as u32)
}

fn report(format: Format, diagnostics: &[Diagnostic], sources: &Sources, options: RenderOptions<'_>) -> String {
    let mut out = Vec::new();
    render(format, diagnostics, sources, &options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn human(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    report(Format::Human, diagnostics, sources, RenderOptions { width: 80, ..RenderOptions::default() })
}

const POLICY: &str = "teams:\n  guards: {}\n\ngrants:\n  - to: team:gaurds\n    role: std/live\n    scope: all\n";

fn unknown_team(sources: &Sources) -> Diagnostic {
    Diagnostic::new(&ERROR, span(sources, 0, "team:gaurds", 0).part(5, 11), "unknown team `gaurds`")
        .label("no team of this name")
        .help("did you mean `guards`?")
        .replace("replace by `guards`", "guards")
}

#[test]
fn a_report_shows_the_place_the_way_out_and_other_files() {
    let sources = sources([
        ("grants.yaml", POLICY),
        ("people/night.yaml", "# the night shift\nteams:\n  guards: { members: [nina] }\n"),
    ]);
    let twice = Diagnostic::new(
        &LINT,
        span(&sources, 1, "guards", 0),
        "`guards` stands in several places, which is more than a line of eighty columns can tell about it",
    )
    .label("here")
    .other(span(&sources, 0, "guards", 0), "first declared here")
    .other(span(&sources, 0, "gaurds", 0), "and meant here");
    assert_snapshot!(human(&[unknown_team(&sources), twice], &sources));
}

#[test]
fn short_and_json_say_the_same() {
    let sources = sources([("grants.yaml", POLICY)]);
    let mut lint = Diagnostic::new(&LINT, span(&sources, 0, "scope", 0), "conditions are not covered")
        .other(span(&sources, 0, "role", 0), "these");
    lint.level = Level::Deny;
    let findings = [unknown_team(&sources), lint];
    assert_snapshot!(report(Format::Short, &findings, &sources, RenderOptions::default()));
    assert_snapshot!(report(Format::Json, &findings, &sources, RenderOptions::default()));
    assert_eq!(report(Format::Json, &[], &sources, RenderOptions::default()), "[]\n");
    assert_eq!(report(Format::Short, &[], &sources, RenderOptions::default()), "");
}

#[test]
fn what_json_writes_is_what_its_schema_says() {
    let sources = sources([("grants.yaml", POLICY)]);
    let lint = Diagnostic::new(&LINT, span(&sources, 0, "scope", 0), "x").other(span(&sources, 0, "role", 0), "y");
    let findings = [unknown_team(&sources).label("z"), lint];
    let written = report(Format::Json, &findings, &sources, RenderOptions::default());
    let written: serde_json::Value = serde_json::from_str(&written).unwrap();
    let schema = json::schema().to_value();
    for (finding, written) in findings.iter().zip(written.as_array().unwrap()) {
        let known = &schema["$defs"]["Diagnostic"]["properties"];
        for key in written.as_object().unwrap().keys() {
            assert!(known[key]["description"].is_string(), "{key}");
        }
        assert_eq!(written["message"], finding.message);
    }
}

#[test]
fn tabs_wide_characters_and_foreign_line_ends_keep_their_columns() {
    let text =
        "devices:\r\n  カメラ-1:\t{ in: hq/lobyb }\r\n  gate: { name: \"\u{1b}[31m\u{202e}evil\", in: hq/lobyb }";
    let sources = sources([("a.yaml", text)]);
    let finding = |nth| Diagnostic::new(&ERROR, span(&sources, 0, "lobyb", nth), "unknown group `lobyb`").label("here");
    let end = Span::new(FileId(0), text.len() as u32, text.len() as u32);
    let end = Diagnostic::new(&ERROR, end, "the document ends too early").label("here");
    let findings = [finding(0), finding(1), end];
    let report = human(&findings, &sources);
    assert!(!report.contains(['\u{1b}', '\u{202e}', '\r', '\t']));
    assert_snapshot!(report);
}

#[test]
fn long_lines_and_long_places_are_cut() {
    let long = format!("devices: {{ {} }}\nnext: 1\n", "camera: { in: hq }, ".repeat(2000));
    let block = format!("reason: |\n{}end: 1\n", "  and so on\n".repeat(1000));
    let sources = sources([("long.yaml", long.as_str()), ("block.yaml", block.as_str())]);
    let finding = Diagnostic::new(&ERROR, span(&sources, 0, "camera", 1234), "declared twice")
        .label("again")
        .other(span(&sources, 0, "camera", 3), "first")
        .other(span(&sources, 0, "camera", 1236), "and once more");
    let whole = Span::new(FileId(1), 8, block.len() as u32 - 8);
    let report = human(&[finding, Diagnostic::new(&ERROR, whole, "too much text").label("all of it")], &sources);
    assert!(report.lines().count() < 40, "{report}");
    assert_snapshot!(report);
}

#[test]
fn what_has_no_text_has_a_path() {
    let mut sources = sources([("empty.yaml", "")]);
    let folder = sources.add(SourceFile::unreadable("locked.yaml".into()));
    let findings = [
        Diagnostic::new(&ERROR, Span::file_start(FileId(0)), "there is nothing in it"),
        Diagnostic::new(&ERROR, Span::file_start(folder), "cannot be read: permission denied").help("allow reading it"),
    ];
    assert_snapshot!(human(&findings, &sources));
    assert_eq!(human(&[], &sources), "no findings in 2 files\n");
}

#[test]
fn a_flood_is_cut_and_counted() {
    let text = "x: 1\n".repeat(150);
    let sources = sources([("a.yaml", text.as_str())]);
    let findings: Vec<_> = (0..150)
        .map(|n| Diagnostic::new(&ERROR, span(&sources, 0, "x", n), "unknown field `x`").replace("remove it", ""))
        .collect();
    let cut = report(Format::Short, &findings, &sources, RenderOptions::default());
    assert_eq!(cut.lines().count(), 101);
    assert_eq!(cut.lines().last(), Some("a.yaml: 50 more of CG0301 not shown, --all shows them"));
    let all = RenderOptions { all: true, ..RenderOptions::default() };
    assert_eq!(report(Format::Short, &findings, &sources, all).lines().count(), 150);

    let cut = report(Format::Json, &findings, &sources, RenderOptions::default());
    let cut: Vec<serde_json::Value> = serde_json::from_str(&cut).unwrap();
    let told: Vec<_> = cut.iter().filter_map(|finding| finding.get("left_out")?.as_u64()).collect();
    assert_eq!((cut.len(), told, cut[99]["left_out"].as_u64()), (100, vec![50], Some(50)));

    let cut = human(&findings, &sources);
    let end: Vec<_> = cut.lines().rev().take(4).collect();
    assert_eq!(
        end,
        [
            "`camgrant explain CG0301` tells more about the first",
            "150 errors in 1 file; 150 can be fixed with `--fix`",
            "",
            "50 more of CG0301 in a.yaml not shown, `--all` shows them"
        ]
    );
}

#[test]
fn colour_is_there_only_when_asked_for() {
    let sources = sources([("grants.yaml", POLICY)]);
    let findings = [unknown_team(&sources)];
    assert!(!human(&findings, &sources).contains('\u{1b}'));
    let color = RenderOptions { color: true, ..RenderOptions::default() };
    assert!(report(Format::Human, &findings, &sources, color).contains("\u{1b}[31m"));
}

/// However the text is cut into lines. (Were each finding to walk the whole file, this would not come to an end.)
#[test]
fn a_thousand_findings_in_a_large_file_are_all_told() {
    for line_end in ["\n", " "] {
        let text = format!("camera: ö{line_end}").repeat(600_000);
        let sources = sources([("a.yaml", text.as_str())]);
        let findings: Vec<_> = (0..1000)
            .map(|n| {
                let start = n * 6_600; // the eleven bytes of a line go into it
                let span = Span::new(FileId(0), start, start + 6);
                Diagnostic::new(&ERROR, span, "unknown").other(Span::new(FileId(0), 0, 6), "first")
            })
            .collect();
        let all = RenderOptions { all: true, ..RenderOptions::default() };
        for format in Format::ALL {
            assert!(report(format, &findings, &sources, all).len() > 30_000);
        }
    }
}

/// What a report draws its marks under: the characters of the line above that stand in the columns of each.
fn marked(report: &str) -> Vec<String> {
    let lines: Vec<&str> = report.lines().collect();
    let mut found = Vec::new();
    for pair in lines.windows(2) {
        let [source, marks] = pair else { continue };
        let is_marks = marks.trim_start().starts_with('·') && marks.contains(['─', '▲']) && !marks.contains('╰');
        if !is_marks || source.trim_start().starts_with('·') {
            continue;
        }
        for run in marks.split(' ').filter(|run| run.contains('─')) {
            let start = text::columns(&marks[..run.as_ptr() as usize - marks.as_ptr() as usize]);
            let end = start + text::columns(run);
            let mut column = 0;
            let under = source.chars().filter(|c| {
                let from = column;
                column = text::column_behind(column, *c);
                start <= from && from < end
            });
            found.push(under.collect());
        }
    }
    found
}

/// Carets stand under what they are about, whatever stands before it and wherever the line is cut.
#[test]
fn marks_stand_under_their_places() {
    let before = [
        "",
        "\t",
        "a\tb\t\t",
        "カメラ室: ",
        "😀 👩\u{200d}👩\u{200d}👧 🇩🇪 ❤\u{fe0f}: ",
        "e\u{301}a\u{308}\u{20dd}: ",
        "\u{202e}\u{2066}שלום عربي: ",
        "\u{1b}[31m\u{7}\u{feff}: ",
        "ﬁ ½ ㍿ ｶﾞ 한글 क्षि: ",
    ];
    let places = ["gaurds", "カメラ-7", "e\u{301}a", "שלום", "👧x", "x\u{202e}y"];
    for width in [40, 80, 120] {
        for (lead, place) in before.iter().flat_map(|lead| places.map(|place| (lead, place))) {
            for times in [1, 3, 40] {
                let text = format!("first: 1\r\n{}{place} }} {}\r\nlast: 1\r\n", lead.repeat(times), lead.repeat(20));
                let sources = sources([("a.yaml", text.as_str())]);
                let start = 10 + lead.len() * times;
                let span = Span::new(FileId(0), start as u32, (start + place.len()) as u32);
                let finding = Diagnostic::new(&ERROR, span, "unknown").label("here");
                let options = RenderOptions { width, ..RenderOptions::default() };
                let report = report(Format::Human, &[finding], &sources, options);
                let expected: String = place.chars().map(text::visible).collect();
                assert_eq!(marked(&report), [expected], "{report}");
                for line in report.lines() {
                    assert!(text::columns(line) <= width.max(70), "{} columns\n{report}", text::columns(line));
                    assert!(!line.contains('\t') && !line.contains('\r'), "{report}");
                }
            }
        }
    }
}

/// Everything that makes a page go wrong, at two widths, with and without colour.
#[test]
fn pages_of_any_width_stay_in_order() {
    let long = "camera-with-a-long-name, ".repeat(12);
    let text = format!(
        "teams:\r\n\tguards:\t{{ members: [{long}gaurds] }}\r\nusers:\n  \"שלום\u{202e}evil\u{2066}x\": {{ in: カメラ室-7 }}\n"
    );
    let sources = sources([("people/א\u{202e}b.yaml", text.as_str())]);
    let findings = [
        Diagnostic::new(
            &ERROR,
            span(&sources, 0, "gaurds", 0),
            "no user `gaurds` is declared, and this message goes on for longer than a line of eighty columns can hold",
        )
        .label("nobody")
        .other(span(&sources, 0, "guards", 0), "in this team")
        .help(
            "did you mean `guards`? or `device:a-name-that-is-longer-than-most-and-is-never-broken-in-two-whatever`?",
        ),
        Diagnostic::new(&LINT, span(&sources, 0, "カメラ室-7", 0), "`שלום\u{202e}evil` is nowhere").label("here"),
    ];
    for width in [80, 120] {
        for color in [false, true] {
            let options = RenderOptions { width, color, ..RenderOptions::default() };
            let report = report(Format::Human, &findings, &sources, options);
            let steering = |c: char| (c.is_control() && !"\n\u{1b}".contains(c)) || "\u{202e}\u{2066}\r".contains(c);
            assert!(!report.contains(steering), "{report:?}");
            assert_eq!(report.contains('\u{1b}'), color);
            // a name is never broken, so that it can be copied; all else keeps to the page
            let plain: Vec<&str> = report.lines().filter(|line| !color && !line.contains("whatever")).collect();
            assert!(plain.iter().all(|line| text::columns(line) <= width), "{report}");
            assert_snapshot!(
                format!("{width}_{}", if color { "color" } else { "plain" }),
                report.replace('\u{1b}', "␛")
            );
        }
    }
}
