//! Several runs at the same time on the same output: whoever comes last wins, and each result is whole.

use std::io::Write;
use std::process::{Child, Stdio};

use super::everything;
use super::policy;
use super::program::Folder;

/// Starts all of them, which wait for their policy, and gives it to all.
fn all_at_once(folder: &Folder, arguments: &[&str], policies: &[String]) {
    let start = |_| folder.command(arguments).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut children: Vec<Child> = policies.iter().map(start).collect();
    for (child, policy) in children.iter_mut().zip(policies) {
        child.stdin.take().unwrap().write_all(policy.as_bytes()).unwrap();
    }
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), b"".as_slice()), "{output:?}");
    }
    assert!(!everything(folder.path()).keys().any(|path| path.contains(".camgrant-")));
}

#[test]
fn one_table_by_several_runs() {
    let folder = Folder::new(&[]);
    let policies: Vec<String> = (1..=6).map(|devices| policy(4, 20 * devices)).collect();
    let tables: Vec<String> = policies.iter().map(|policy| folder.run_with(&["compile", "-"], policy).stdout).collect();
    for _ in 0..3 {
        all_at_once(&folder, &["compile", "-", "-o", "table.json"], &policies);
        assert!(tables.contains(&folder.read("table.json")));
    }
}

#[test]
fn one_folder_of_slices_by_several_runs() {
    let folder = Folder::new(&[]);
    let policies = vec![policy(12, 5); 6];
    let split = |out: &str| ["compile", "-", "--split", "recorder", "-o", out].map(str::to_owned);
    let once = split("once");
    folder.run_with(&once.each_ref().map(String::as_str), &policies[0]);
    for round in 0..3 {
        // into a folder that none of them finds, and then again
        let out = format!("out-{}", round / 2);
        all_at_once(&folder, &split(&out).each_ref().map(String::as_str), &policies);
        assert_eq!(everything(&folder.path().join(&out)), everything(&folder.path().join("once")));
    }
}
