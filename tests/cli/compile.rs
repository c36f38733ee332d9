//! Tables on standard output, in files, and in folders of slices.

use std::fs;

use camgrant::table::Table;

use super::{Folder, POLICY};

#[test]
fn a_table_goes_to_standard_output_or_to_a_file() {
    let folder = Folder::new(&[("policy/policy.yaml", POLICY)]);
    let table = folder.result(&["compile", "policy"]);
    assert!(Table::load(&table).is_ok(), "{table}");
    assert_eq!(folder.result(&["compile", "policy", "-o", "table.json"]), "");
    assert_eq!(folder.read("table.json"), table);
    assert_eq!(folder.result(&["compile", "policy", "-o", "-"]), table);
    assert_eq!(folder.run_with(&["compile", "-"], POLICY).stdout, table);

    for layout in ["compact", "factored"] {
        let table = folder.result(&["compile", "policy", "--layout", layout, "--compact-json"]);
        assert_eq!(table.lines().count(), 1);
        assert_eq!(Table::load(&table).unwrap().layout().name(), layout);
    }
    folder.result(&["compile", "policy", "-o", "table.json", "--source-map", "map.json"]);
    assert!(serde_json::from_str::<serde_json::Value>(&folder.read("map.json")).is_ok());
    assert_eq!(folder.files(), ["map.json", "policy/policy.yaml", "table.json"]);
}

#[test]
fn where_there_is_an_error_earlier_output_stays() {
    let folder = Folder::new(&[("policy/policy.yaml", POLICY)]);
    folder.result(&["compile", "policy", "-o", "table.json", "--source-map", "map.json"]);
    let before = (folder.files(), folder.read("table.json"), folder.read("map.json"));
    folder.write("policy/more.yaml", "teams: { guards: { members: nobody } }\n");
    let run = folder.run(&["compile", "policy", "-o", "table.json", "--source-map", "map.json"]);
    assert_eq!(run.status, 1);
    folder.run(&["compile", "policy", "--split", "recorder", "-o", "out"]);
    let mut after = folder.files();
    after.retain(|path| path != "policy/more.yaml");
    assert_eq!((after, folder.read("table.json"), folder.read("map.json")), before);
}

#[test]
fn an_output_that_fails_is_status_two() {
    let folder = Folder::new(&[("policy/policy.yaml", POLICY)]);
    for path in ["policy", "no-such-folder/table.json", "policy/policy.yaml/table.json"] {
        let refusal = folder.refusal(&["compile", "policy", "-o", path]);
        assert!(refusal.starts_with(&format!("error: cannot write `{path}`: ")), "{refusal}");
    }
    let refusal = folder.refusal(&["compile", "policy", "-o", "table.json", "--source-map", "no-such-folder/map.json"]);
    assert!(refusal.contains("no-such-folder"), "{refusal}");
    assert_eq!(folder.files(), ["policy/policy.yaml"]);
}

#[cfg(unix)]
#[test]
fn a_device_is_written_to_and_not_replaced() {
    let folder = Folder::new(&[("policy.yaml", POLICY)]);
    let table = folder.result(&["compile", "policy.yaml"]);
    assert_eq!(folder.result(&["compile", "policy.yaml", "-o", "/dev/stdout"]), table);
}

#[test]
fn a_table_beyond_its_budget_is_not_written() {
    let folder = Folder::new(&[("policy/policy.yaml", POLICY)]);
    let size = folder.result(&["compile", "policy"]).len();
    let limit = |bytes: usize, more: &[&str]| {
        folder.run(&[&["compile", "policy", "--max-table-bytes", &bytes.to_string()], more].concat())
    };
    assert_eq!(limit(size, &[]).status, 0, "a limit itself is still allowed");
    for more in [[].as_slice(), &["-o", "table.json"], &["--split", "recorder", "-o", "out"]] {
        let run = limit(99, more);
        assert_eq!((run.status, run.stdout.as_str()), (1, ""), "{run:?}");
        assert!(run.stderr.contains("error[CG0508]") && run.stderr.contains("--layout factored"), "{run:?}");
    }
    assert_eq!(limit(99, &["--layout", "factored"]).status, 0);
    assert!(!folder.path().join("out").exists());
    assert_eq!(folder.files(), ["policy/policy.yaml"]);
}

#[test]
fn what_is_not_there_cannot_be_selected() {
    let folder = Folder::new(&[("policy.yaml", POLICY)]);
    for arguments in [["--recorder", "nvr-3"], ["--org", "acne"]] {
        let refusal = folder.refusal(&[&["compile"], arguments.as_slice()].concat());
        assert!(refusal.contains(arguments[1]), "{refusal}");
    }
}

#[test]
fn slices_are_one_a_recorder_with_their_sums() {
    let folder = Folder::new(&[("policy/policy.yaml", POLICY)]);
    folder.result(&["compile", "policy", "--split", "recorder", "-o", "out"]);
    let listed = ["acme/_unrecorded.json", "acme/nvr-1.json", "acme/nvr-2.json"];
    let mut expected: Vec<String> = listed.iter().map(|path| format!("out/{path}")).collect();
    expected.splice(0..0, ["out/SHA256SUMS".to_owned()]);
    expected.push("policy/policy.yaml".to_owned());
    assert_eq!(folder.files(), expected);
    let sums = folder.read("out/SHA256SUMS");
    let paths: Vec<&str> = sums.lines().map(|line| &line[66..]).collect();
    assert_eq!(paths, listed);
    for path in listed {
        assert!(Table::load(folder.read(&format!("out/{path}"))).is_ok());
    }
    let alone = folder.result(&["compile", "policy", "--recorder", "nvr-1"]);
    assert_eq!(folder.read("out/acme/nvr-1.json"), alone);
}

#[test]
fn a_second_run_rewrites_what_changed_and_empties_what_is_gone() {
    let folder = Folder::new(&[("policy/policy.yaml", POLICY)]);
    let split = || folder.result(&["compile", "policy", "--split", "recorder", "-o", "out"]);
    let touched = |path: &str| fs::metadata(folder.path().join("out").join(path)).unwrap().modified().unwrap();
    split();
    let before = (touched("acme/nvr-1.json"), folder.read("out/SHA256SUMS"));
    folder.write("out/acme/nvr-2.json", "somebody wrote here");
    split();
    assert_eq!((touched("acme/nvr-1.json"), folder.read("out/SHA256SUMS")), before);
    assert!(Table::load(folder.read("out/acme/nvr-2.json")).is_ok());

    // the second recorder goes, its camera moves to the first one
    let moved = POLICY.replace(", nvr-2: { kind: dw-spectrum }", "").replace("recorder: nvr-2", "recorder: nvr-1");
    folder.write("policy/policy.yaml", &moved);
    split();
    let emptied = folder.read("out/acme/nvr-2.json");
    let table = Table::load(&emptied).unwrap();
    assert_eq!((table.orgs().collect::<Vec<_>>(), table.subjects("acme").count()), (vec!["acme"], 0));
    let sums = folder.read("out/SHA256SUMS");
    assert_eq!(sums.lines().count(), 3);
    assert_ne!(sums, before.1);
    let again = touched("acme/nvr-2.json");
    split();
    assert_eq!((touched("acme/nvr-2.json"), folder.read("out/SHA256SUMS")), (again, sums));
}

#[test]
fn a_list_of_sums_that_cannot_be_read_stops_everything() {
    let folder = Folder::new(&[("policy/policy.yaml", POLICY), ("out/SHA256SUMS", "not a sum\n")]);
    let refusal = folder.refusal(&["compile", "policy", "--split", "recorder", "-o", "out"]);
    assert!(refusal.contains("line 1 is no checksum line"), "{refusal}");
    assert_eq!(folder.files(), ["out/SHA256SUMS", "policy/policy.yaml"]);
}

#[test]
fn for_cedar_a_folder_is_filled() {
    let folder = Folder::new(&[("policy/policy.yaml", POLICY)]);
    let cedar = |more: &[&str]| folder.run(&[&["compile", "policy", "--target", "cedar"], more].concat());
    let run = cedar(&["-o", "new/cedar", "--org", "acme", "--source-map", "map.json"]);
    assert_eq!((run.status, run.stdout.as_str(), run.stderr.as_str()), (0, "", ""));
    let written = ["new/cedar/entities.json", "new/cedar/policies.cedar", "new/cedar/schema.cedarschema"];
    assert_eq!(folder.files(), [&["map.json"], written.as_slice(), &["policy/policy.yaml"]].concat());
    assert!(folder.read("new/cedar/policies.cedar").contains("Device::\"gate\""));
    let before = written.map(|path| folder.read(path));

    // where there is an error, or a limit, all of it stays as it was
    let run = cedar(&["-o", "new/cedar", "--max-table-bytes", "99"]);
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("error[CG0508]") && run.stderr.contains("these files are larger"), "{}", run.stderr);
    folder.write("policy/more.yaml", "teams: { guards: { members: nobody } }\n");
    assert_eq!(cedar(&["-o", "new/cedar"]).status, 1);
    assert_eq!(cedar(&["-o", "other"]).status, 1);
    assert_eq!(written.map(|path| folder.read(path)), before);
    assert!(!folder.path().join("other").exists());
}

#[test]
fn for_cedar_there_are_no_layouts_and_slices() {
    let folder = Folder::new(&[("policy/policy.yaml", POLICY)]);
    let refusal = |more: &[&str]| folder.refusal(&[&["compile", "policy", "--target", "cedar"], more].concat());
    for more in [[].as_slice(), &["-o", "-"]] {
        assert!(refusal(more).contains("name one with `-o DIR`"), "{more:?}");
    }
    for more in [["--layout", "expanded"], ["--recorder", "nvr-1"], ["--split", "recorder"]] {
        let refusal = refusal(&[&["-o", "out"], more.as_slice()].concat());
        assert!(refusal.contains(&format!("`{}` is for tables", more[0])), "{refusal}");
    }
    assert!(refusal(&["-o", "out", "--org", "acne"]).contains("did you mean `acme`?"));
    let refusal = refusal(&["-o", ".", "--source-map", "policies.cedar"]);
    assert!(refusal.contains("two results would be written to `policies.cedar`"), "{refusal}");
    assert_eq!(folder.files(), ["policy/policy.yaml"]);
}
