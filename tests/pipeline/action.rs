//! `action.yml`, the GitLab job and the hooks, as the texts that they are.

use std::fs;

use super::ours;

fn text(path: &str) -> String {
    fs::read_to_string(ours(path)).unwrap()
}

/// An expression in a command's text would put what somebody wrote into it. They stand in variables alone.
#[test]
fn no_expression_stands_in_a_command() {
    let action = text("action.yml");
    let mut indent = None;
    let mut commands = 0;
    for line in action.lines() {
        let depth = line.len() - line.trim_start().len();
        if indent.is_some_and(|indent| depth > indent) || line.trim().is_empty() {
            assert!(!line.contains("${{"), "{line}");
            continue;
        }
        indent = None;
        if let Some(command) = line.trim_start().trim_start_matches("- ").strip_prefix("run:") {
            commands += 1;
            assert!(!command.contains("${{"), "{line}");
            indent = Some(depth);
        }
    }
    assert_eq!(commands, 4);
    // who opened the request says the platform; a title, a branch of the change or a commit's author says nothing
    for word in ["head.ref", "head_ref", "title", "body", "commits", "actor", "author.email"] {
        let used = action.lines().any(|line| line.contains("${{") && line.contains(word));
        assert!(!used, "{word} is used");
    }
}

#[test]
fn what_it_uses_from_others_is_pinned() {
    let action = text("action.yml");
    let uses: Vec<&str> = action.lines().filter_map(|line| line.trim().strip_prefix("uses: ")).collect();
    assert!(!uses.is_empty());
    for one in uses {
        let (_, commit) = one.split_once('@').unwrap();
        let commit = commit.split_whitespace().next().unwrap();
        assert!(commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()), "{one}");
    }
}

/// Variables that a script reads are told at its head, and those that the action sets are read.
#[test]
fn the_variables_of_the_judge_are_told() {
    let judge = text("pipeline/judge.sh");
    let (head, body) = judge.split_once("\nset -euf\n").unwrap();
    let names = |text: &str| {
        let mut names: Vec<String> = text
            .match_indices("CAMGRANT")
            .map(|(at, _)| text[at..].chars().take_while(|c| c.is_ascii_uppercase() || *c == '_').collect())
            .collect();
        names.sort();
        names.dedup();
        names
    };
    assert_eq!(names(head), names(body));
    for path in ["action.yml", "pipeline/gitlab.yml", "pipeline/github.sh", "pipeline/gitlab.sh", "pipeline/install.sh"]
    {
        for name in names(&text(path)) {
            let beside = ["CAMGRANT_INTO", "CAMGRANT_RELEASES", "CAMGRANT_TAG", "CAMGRANT_TOKEN"];
            let of_gitlab = ["CAMGRANT_SOURCE", "CAMGRANT_VERSION"];
            let known = beside.contains(&&*name) || of_gitlab.contains(&&*name) || names(head).contains(&name);
            assert!(known, "{path}: {name}");
        }
    }
}
