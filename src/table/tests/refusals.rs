//! Every way in which a table is refused.

use super::super::format::Layout;
use super::super::{Fault, LoadError, Table};
use super::{COMPACT, EXPANDED, FACTORED, FEBRUARY, OFFICE};

/// What loading says of the table with the first `from` (which must be there) replaced by `to`.
fn refused(json: &str, from: &str, to: &str) -> LoadError {
    assert!(json.contains(from), "{from}");
    Table::load(json.replacen(from, to, 1)).expect_err(to)
}

#[test]
fn another_shape_is_refused() {
    #[rustfmt::skip] // a case a line
    let cases = [
        ("{", "", "invalid type"),
        (r#""format""#, "format", "key must be a string"),
        (r#""camgrant.table/1""#, "1", "invalid type: integer"),
        (r#""layout": "expanded","#, "", "missing field `layout`"),
        (r#""orgs": "#, r#""more": 1, "orgs": "#, "unknown field `more`"),
        (r#""acme": {"#, r#""acme": {}, "acme": {"#, "missing field `subjects`"),
        (r#""acme": {"#, r#""acme": {"subjects": {}}, "acme": {"#, "duplicate key `acme`"),
        (r#""link:dock": {"#, r#""user:ann@x": {}, "link:dock": {"#, "duplicate key `user:ann@x`"),
        (r#""weekly": {"#, r#""weekly": {}, "weekly": {"#, "duplicate field `weekly`"),
        (r#""mon""#, r#""Mon""#, "unknown field `Mon`"),
        (r#""networks": ["10.0.0.0/8"]"#, r#""networks": null"#, "invalid type: null"),
        (r#""until": "2026-12-31T00:00:00Z""#, r#""until": null"#, "invalid type: null"),
        (r#""outside": "#, r#""within": "#, "unknown field `within`"),
        (r#""pending""#, r#""accepted""#, "unknown variant `accepted`"),
        (r#""pro": 2"#, r#""pro": -2"#, "invalid value: integer `-2`"),
    ];
    for (from, to, message) in cases {
        let error = refused(EXPANDED, from, to);
        let found = matches!(&error, LoadError::Json { message: found, .. } if found.contains(message));
        assert!(found, "{to}: {error}");
    }
    let is_json = |json: &[u8]| matches!(Table::load(json), Err(LoadError::Json { .. }));
    assert!(is_json(b"") && is_json(b"\xff") && is_json(b"{}") && is_json(b"[]") && is_json(b"null"));
    assert!(is_json(format!("{EXPANDED}x").as_bytes()));
    assert!(is_json("[".repeat(100_000).as_bytes()));
    assert!(is_json(r#"{"a":"#.repeat(100_000).as_bytes()));
}

#[test]
fn bad_json_is_shown_where_it_is() {
    let error = refused("{\n  \"format\": x}", "x", "x");
    assert_eq!(error, LoadError::Json { line: 2, column: 13, message: "expected value".to_owned() });
    assert_eq!(error.to_string(), "not a table: expected value at line 2 column 13");
}

#[test]
fn an_unknown_version_is_named_as_such() {
    let json = EXPANDED.replace("\"orgs\"", "\"organisations\"");
    let error = refused(&json, "camgrant.table/1", "camgrant.table/2");
    assert_eq!(error, LoadError::Format("camgrant.table/2".to_owned()));
    let message = "the table's format is `camgrant.table/2`, expected `camgrant.table/1`";
    assert_eq!(error.to_string(), message);
    assert_eq!(refused(EXPANDED, "camgrant.table/1", ""), LoadError::Format(String::new()));
    assert_eq!(refused(&json, "\"expanded\"", "\"sparse\""), LoadError::Layout("sparse".to_owned()));
}

#[test]
fn malformed_parts_are_refused() {
    let text = str::to_owned;
    let index = |list, index, len| Fault::Index { list, index, len };
    let key = |key, layout| Fault::Key { key, layout };
    let (ann, ben, nights) = ("subject `user:ann@x`", "subject `user:ben@x`", "schedule `nights`");
    let when = r#"[{ "from": "2026-03-01T00:00:00Z", "outside": ["10.0.0.0/8"] }]"#;
    let offered = r#""when": [{ "schedules": ["nights"] }]"#;
    #[rustfmt::skip] // a case a line
    let cases = [
        (EXPANDED, "2026-01-01T00:00:00Z", "2026-01-01", ben, Fault::Instant(text("2026-01-01"))),
        (EXPANDED, "2026-06-01T00:00:00Z", "soon", ann, Fault::Instant(text("soon"))),
        (COMPACT, "2026-06-01T00:00:00Z", "soon", "`rights`, index 1", Fault::Instant(text("soon"))),
        (EXPANDED, "Europe/Berlin", "Europe/Bonn", nights, Fault::Zone(text("Europe/Bonn"))),
        (EXPANDED, "22:00-06:00", "22:00", nights, Fault::Window(text("22:00"))),
        (EXPANDED, "2026-12-28", "28.12.2026", nights, Fault::Date(text("28.12.2026"))),
        (EXPANDED, r#"{ "mon": ["22:00-06:00"] }"#, "{}", nights, Fault::NoWindow),
        (EXPANDED, "10.1.0.0/16", "10.1.0.0", ann, Fault::Block(text("10.1.0.0"))),
        (EXPANDED, r#": ["10.0.0.0/8"],"#, r#": ["10.0.0.1/8"],"#, ben, Fault::Block(text("10.0.0.1/8"))),
        (EXPANDED, r#"{ "schedules": ["nights"] }"#, "{}", ann, Fault::NoPart),
        (EXPANDED, when, "[]", ann, Fault::NoCondition),
        (FACTORED, r#"["nights"]"#, r#"["days"]"#, "`rights`, index 1", Fault::Schedule(text("days"))),
        (EXPANDED, offered, r#""when": [{}]"#, "`offers`, index 0", Fault::NoPart),

        (EXPANDED, r#""device:1", "device:2""#, r#""cam:1""#, ann, Fault::Resource(text("cam:1"))),
        (COMPACT, r#"["org"]],"#, r#"["site:"]],"#, "`resource_classes`", Fault::Resource(text("site:"))),
        (FACTORED, r#""org": [2]"#, r#""": [2]"#, "`resource_sets`", Fault::Resource(text(""))),
        (EXPANDED, r#""link:dock": "#, r#""dock": "#, "subject `dock`", Fault::Subject(text("dock"))),
        (COMPACT, r#"[["link:dock"]"#, r#"[["link:d"]"#, "`subject_classes`", Fault::Subject(text("link:d"))),
        (FACTORED, r#""link:dock": [0]"#, r#""link:d": [0]"#, "`subject_rows`", Fault::Subject(text("link:d"))),
        (FACTORED, r#""user:root@x": [7]"#, r#""user:r": [7]"#, "`subject_owned`", Fault::Subject(text("user:r"))),

        (EXPANDED, r#"["org"], "allow""#, r#"["org", "device:2"], "allow""#, ann, Fault::Twice(text("the resource `device:2`"))),
        (EXPANDED, r#"["org"], "allow""#, r#"["org", "org"], "allow""#, ann, Fault::Twice(text("the resource `org`"))),
        (COMPACT, r#"["user:ben@x"],"#, r#"["user:ann@x"],"#, "`subject_classes`", Fault::Twice(text("`user:ann@x`"))),
        (COMPACT, r#"["device:2"],"#, r#"["device:1"],"#, "`resource_classes`", Fault::Twice(text("`device:1`"))),
        (COMPACT, "[1, 1, 1]", "[1, 0, 2]", "`access`", Fault::Twice(text("the pair [1, 0]"))),

        (COMPACT, "[3, 2, 4]", "[4, 2, 4]", "`access`", index("subject_classes", 4, 4)),
        (COMPACT, "[3, 2, 4]", "[3, 4, 4]", "`access`", index("resource_classes", 4, 4)),
        (COMPACT, "[3, 2, 4]", "[3, 2, 5]", "`access`", index("rights", 5, 5)),
        (FACTORED, "[2, 3]", "[2, 6]", "`rows`", index("rights", 6, 6)),
        (FACTORED, "[2, 1]", "[2, 5]", "`subject_rows`", index("rows", 5, 5)),

        (EXPANDED, "\"expanded\"", "\"compact\"", "`acme`", key("access", Layout::Compact)),
        (COMPACT, "\"compact\"", "\"factored\"", "`acme`", key("subject_classes", Layout::Factored)),
        (COMPACT, "\"compact\"", "\"expanded\"", "`acme`", key("rights", Layout::Expanded)),
        (COMPACT, r#""allow": ["org.view"]"#, r#""deny": ["org.view"]"#, "`acme`", key("deny", Layout::Compact)),
        (FACTORED, r#""rights""#, r#""access": [[0, 0, 0]], "rights""#, "`acme`", key("access", Layout::Factored)),
    ];
    for (json, from, to, place, fault) in cases {
        let error = refused(json, from, to);
        let (begin, end) = ("organisation `acme`", format!("{place}: {fault}"));
        assert!(error.to_string().starts_with(begin) && error.to_string().ends_with(&end), "{error}");
        assert!(matches!(&error, LoadError::Malformed { fault: found, .. } if *found == fault));
    }
    let message = "organisation `acme`, `access`: `rights` has 5 items, found index 5";
    assert_eq!(refused(COMPACT, "[3, 2, 4]", "[3, 2, 5]").to_string(), message);
}

#[test]
fn damage_is_refused_or_answered_never_a_panic() {
    for json in [EXPANDED, COMPACT, FACTORED] {
        let damage = b"\x00\"0197{}[],:-e\\\xff";
        for (place, byte) in (0..json.trim_end().len()).zip(damage.iter().cycle()) {
            assert!(Table::load(&json[..place]).is_err());
            let mut bytes = json.as_bytes().to_vec();
            bytes[place] = *byte;
            if let Ok(table) = Table::load(bytes) {
                let (at, address) = (FEBRUARY.parse().ok(), OFFICE.parse().ok());
                let _ = table.decide("acme", "user:ann@x", "live.view", "device:1", at, address);
                table.resources("acme", "user:ann@x").for_each(drop);
            }
        }
    }
}
