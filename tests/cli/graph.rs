//! `graph` from outside: drawings of the hospital and of a small policy, names that would like to be something else, and
//! what is not drawn.

use std::path::Path;

use super::{Folder, POLICY, reviewed};

fn hospital() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/hospital").to_str().unwrap().to_owned()
}

#[test]
fn a_session() {
    let folder = Folder::new(&[("policy.yaml", POLICY)]);
    let hospital = hospital();
    let mut text = String::new();
    for (policy, arguments) in [
        ("policy.yaml", &["--format", "dot"][..]),
        ("policy.yaml", &["--for", "link:dock-xmas", "--format", "mermaid"]),
        ("policy.yaml", &["--for", "ben@acme.example"]),
        (&hospital, &["--for", "bruno@klinik.example"]),
        (&hospital, &["--for", "bruno@klinik.example", "--for", "device:nord-er-desk", "--capability", "live.view"]),
        (&hospital, &["--for", "team:guards", "--format", "mermaid"]),
        (&hospital, &["--for", "group:nord/pharmacy/vault", "--capability", "archive.export"]),
    ] {
        let drawn = folder.result(&[&["graph", "-p", policy], arguments].concat());
        text += &format!("$ camgrant graph {}\n{drawn}\n", arguments.join(" "));
    }
    reviewed("graph", &text);
}

/// Those of the lines that are nodes, by their labels.
fn nodes(drawn: &str) -> Vec<String> {
    let labels =
        drawn.lines().filter_map(|line| Some(line.split_once("[label=\"")?.1.split_once("\", fill")?.0.to_owned()));
    labels.collect()
}

#[test]
fn who_is_connected_alike_is_one_node() {
    let users: String = (0..40).map(|number| format!("u{number}: , ")).collect();
    let listed: Vec<String> = (0..39).map(|number| format!("u{number}")).collect();
    let policy = format!(
        "orgs: {{ acme: }}\nusers: {{ {users} }}\nteams: {{ all-but-one: {{ members: [{}] }} }}\ndevices: {{ gate: }}\n\
         grants: [{{ to: team:all-but-one, allow: live.view, scope: device:gate }}]\n",
        listed.join(", ")
    );
    let folder = Folder::new(&[("policy.yaml", policy.as_str())]);
    let drawn = folder.result(&["graph", "-p", "policy.yaml"]);
    let folded = r"39 users\nuser:u0\nuser:u1\nuser:u10\nand 36 more";
    assert!(nodes(&drawn).contains(&folded.to_owned()), "{drawn}");
    assert!(nodes(&drawn).contains(&"user:u39".to_owned()), "{drawn}");
    // whoever is asked for stands alone
    let drawn = folder.result(&["graph", "-p", "policy.yaml", "--for", "u7"]);
    assert!(nodes(&drawn).contains(&"user:u7".to_owned()), "{drawn}");
}

#[test]
fn the_order_of_files_and_declarations_has_no_say() {
    let one = "orgs: { acme: }\nusers: { a: , b: , c: { same_as: a } }\nteams: { x: { members: a }, y: { members: [team:x, b] } }\n\
               devices: { d: , e: }\ndevice_groups: { g: { devices: [d, e] } }\n\
               grants: [{ id: p, to: team:y, allow: live.view, scope: all }, { id: q, to: b, deny: live.view, scope: device:d }]\n";
    let first = "devices: { e: , d: }\nteams: { y: { members: [b, team:x] }, x: { members: a } }\n\
                 grants: [{ id: q, to: b, deny: live.view, scope: device:d }]\n";
    let second = "users: { c: { same_as: a }, b: , a: }\ndevice_groups: { g: { devices: [e, d] } }\norgs: { acme: }\n\
                  grants: [{ id: p, to: team:y, allow: live.view, scope: all }]\n";
    let folder = Folder::new(&[("one/policy.yaml", one), ("two/z.yaml", first), ("two/a.yaml", second)]);
    for more in [&[][..], &["--for", "c"], &["--for", "device:d", "--format", "mermaid"]] {
        let drawn = |policy| folder.result(&[&["graph", "-p", policy], more].concat());
        assert_eq!(drawn("one"), drawn("two"));
    }
}

/// Ids are plain; the name of a file may be anything, and a grant without an id is called by its place.
#[cfg(unix)]
#[test]
fn a_name_is_drawn_and_nothing_else() {
    let policy = "orgs: { acme: }\nusers: { nina: }\ndevices: { gate: }\n";
    let grant = "grants: [{ to: nina, allow: live.view, scope: all }]\n";
    for (file, in_dot, in_mermaid) in [
        (
            r#"x"];n0->n9["y.yaml"#,
            r#"grant at x\"];n0->n9[\"y.yaml:1"#,
            "grant at x#34;#93;#59;n0-#62;n9#91;#34;y.yaml:1",
        ),
        (
            r"\N&lt;%%{init}%%.yaml",
            r"grant at \\N&amp;lt;%%{init}%%.yaml:1",
            "at #92;N#38;lt#59;#37;#37;#123;init#125;#37;#37;.yaml:1",
        ),
        (
            "a\u{202e}\u{1b}[2Jb.yaml",
            r"grant at a\\u{202e}\\u{1b}[2Jb.yaml:1",
            "at a#92;u#123;202e#125;#92;u#123;1b#125;#91;2Jb.yaml:1",
        ),
    ] {
        let folder = Folder::new(&[("policy.yaml", policy), (file, grant)]);
        let drawn = folder.result(&["graph", "--format", "dot"]);
        assert!(nodes(&drawn).iter().any(|label| label.starts_with(in_dot)), "{in_dot}: {drawn}");
        let drawn = folder.result(&["graph", "--format", "mermaid"]);
        assert!(drawn.contains(in_mermaid), "{in_mermaid}: {drawn}");
        assert!(drawn.lines().all(|line| line.matches('"').count() % 2 == 0), "{drawn}");
    }
}

#[test]
fn what_is_too_large_is_told_with_a_way_to_narrow_it() {
    let teams: String = (0..1200).map(|number| format!("t{number}: {{ members: a{number} }}, ")).collect();
    let users: String = (0..1200).map(|number| format!("a{number}: , ")).collect();
    let policy = format!("orgs: {{ acme: }}\nusers: {{ {users} }}\nteams: {{ {teams} }}\n");
    let folder = Folder::new(&[("policy.yaml", policy.as_str())]);
    let refused = folder.refusal(&["graph", "-p", "policy.yaml"]);
    assert!(refused.contains("this graph has 2401 nodes; more than 1000 are not drawn"), "{refused}");
    assert!(refused.contains("--for team:<id>"), "{refused}");
    folder.result(&["graph", "-p", "policy.yaml", "--for", "team:t7"]);
}

#[test]
fn without_graphviz_there_is_a_way_out() {
    let folder = Folder::new(&[("policy.yaml", POLICY)]);
    let mut command = folder.command(&["graph", "-p", "policy.yaml", "--format", "svg"]);
    let run = super::program::Run::of(command.env("PATH", folder.path()).output().unwrap());
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{run:?}");
    assert!(run.stderr.contains("there is no program `dot` here"), "{}", run.stderr);
    assert!(run.stderr.contains("`--format mermaid`"), "{}", run.stderr);
}

#[test]
fn what_is_no_graph_is_told() {
    let folder = Folder::new(&[("policy.yaml", POLICY)]);
    let other = folder.refusal(&["what", "nina@acme.example", "-p", "policy.yaml", "--format", "dot"]);
    assert!(other.contains("`dot`, `mermaid` and `svg` are formats of `graph` alone"), "{other}");
    let near = folder.refusal(&["graph", "-p", "policy.yaml", "--for", "device:gte"]);
    assert!(near.contains("did you mean `device:gate`?"), "{near}");
    let near = folder.refusal(&["graph", "-p", "policy.yaml", "--for", "nina@acme.exmaple"]);
    assert!(near.contains("did you mean `user:nina@acme.example`?"), "{near}");
    let all = folder.refusal(&["graph", "-p", "policy.yaml", "--for", "all"]);
    assert!(all.contains("`all` is no single resource"), "{all}");
}
