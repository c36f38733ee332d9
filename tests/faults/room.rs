//! No room: limits on the size of files, full file systems, and `/dev/full`.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::program::{Folder, Run};
use super::{assert_told, everything, policy, shell, skipped};

const TOO_LARGE: &str = "it is larger than files may be here";
const RAISE: &str = "help: raise the limit (`ulimit -f`)";

/// A folder with a policy, its table, map and slices, all of an earlier run with one more device, and what is in it.
fn earlier(recorders: usize, devices: usize) -> Folder {
    let folder = Folder::new(&[("policy.yaml", &policy(recorders, devices + 1))]);
    folder.result(&["compile", "policy.yaml", "-o", "table.json", "--source-map", "map.json"]);
    folder.result(&["compile", "policy.yaml", "--split", "recorder", "--compact-json", "-o", "out"]);
    folder.write("policy.yaml", &policy(recorders, devices));
    folder
}

/// Runs where no file may be longer than so many blocks of 512 bytes: it fails, and everything is as before.
fn beyond(folder: &Folder, blocks: usize, arguments: &[&str], place: &str) {
    let before = everything(folder.path());
    let run = shell(folder, &format!("ulimit -f {blocks};"), arguments);
    assert_told(&run, place, TOO_LARGE, RAISE);
    assert_eq!(everything(folder.path()), before, "{arguments:?}");
}

#[test]
fn a_file_larger_than_files_may_be() {
    let folder = earlier(2, 20);
    let table = ["compile", "policy.yaml", "-o", "table.json"];
    beyond(&folder, 0, &table, "cannot write `table.json`");
    beyond(&folder, 1, &table, "cannot write `table.json`");
    beyond(&folder, 1, &[table.as_slice(), &["--source-map", "map.json"]].concat(), "cannot write `table.json`");
    beyond(&folder, 1, &["compile", "policy.yaml", "-o", "new.json"], "cannot write `new.json`");
    // and with room enough, it is the new one
    assert_eq!(shell(&folder, "ulimit -f 1000;", &table).status, 0);
    assert_eq!(folder.read("table.json"), folder.result(&["compile", "policy.yaml"]));
}

/// Where one fits and the other does not, both stay as they were.
#[test]
fn of_two_outputs_both_or_none() {
    let folder = earlier(1, 60);
    let both = ["compile", "policy.yaml", "-o", "table.json", "--source-map", "map.json"];
    let size = |path: &str| fs::metadata(folder.path().join(path)).unwrap().len();
    assert!(size("map.json") < 4096 && size("table.json") > 4096, "{} {}", size("map.json"), size("table.json"));
    beyond(&folder, 8, &both, "cannot write `table.json`");
    // a small table, and the map of many grants
    let more = ", { to: nina, allow: archive.view, scope: site:hq }".repeat(400);
    let quiet = "# camgrant: allow(redundant-grant) so many are here for the size of the map\ngrants:";
    let many = policy(1, 60).replace(" }]", &format!(" }}{more}]")).replace("grants:", quiet);
    folder.write("policy.yaml", &many);
    let table = folder.result(&["compile", "policy.yaml"]);
    let blocks = table.len().div_ceil(512);
    beyond(&folder, blocks, &both, "cannot write `map.json`");
}

#[test]
fn slices_larger_than_files_may_be() {
    let split = ["compile", "policy.yaml", "--split", "recorder", "--compact-json", "-o", "out"];
    // every slice fits, and the list of sums does not
    let folder = earlier(60, 2);
    assert!(fs::metadata(folder.path().join("out/acme/nvr-059.json")).unwrap().len() < 4096);
    beyond(&folder, 8, &split, "cannot write `out/SHA256SUMS`");
    // into a folder that was not there, and is not there afterwards
    let anew = ["compile", "policy.yaml", "--split", "recorder", "--compact-json", "-o", "a/new/out"];
    beyond(&folder, 8, &anew, "cannot write `a/new/out/SHA256SUMS`");
    // one slice in the middle does not fit
    let more: String = (0..200).map(|n| format!("  gate-{n}: {{ in: hq, recorder: nvr-030 }}\n")).collect();
    folder.write("policy.yaml", &policy(60, 2).replace("devices:\n", &format!("devices:\n{more}")));
    beyond(&folder, 8, &split, "cannot write `out/acme/nvr-030.json`");
}

#[test]
fn a_first_policy_larger_than_files_may_be() {
    let folder = Folder::new(&[]);
    // the schema is the last and the largest
    beyond(&folder, 8, &["init", "new/policy"], "cannot write `new/policy/schema/policy.schema.json`");
    beyond(&folder, 8, &["init"], "cannot write `./schema/policy.schema.json`");
    folder.result(&["init", "new/policy"]);
}

/// A file system in memory, mounted for one test.
struct Disk {
    path: PathBuf,
    _folder: tempfile::TempDir,
}

impl Disk {
    /// None where this machine does not let us mount one; the reason is then told.
    fn new(test: &str, options: &str) -> Option<Disk> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_path_buf();
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", options, "none"]).arg(&path).output();
        match mount {
            Ok(output) if output.status.success() => Some(Disk { path, _folder: folder }),
            Ok(output) => {
                let why = String::from_utf8_lossy(&output.stderr);
                skipped(test, &format!("no file system in memory can be mounted: {}", why.trim().replace('\n', "; ")));
                None
            }
            Err(error) => {
                skipped(test, &format!("there is no program `mount`: {error}"));
                None
            }
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let done = Command::new("umount").arg(&self.path).status();
        assert!(done.is_ok_and(|status| status.success()) || std::thread::panicking(), "it stays mounted");
    }
}

/// Runs again and again with a little more room, from none until it is enough. Each time it fails, everything is as it
/// was. Answers with the places at which it failed, in order.
fn fill(disk: &Disk, folder: &Folder, arguments: &[&str], give: impl Fn(usize)) -> Vec<String> {
    let mut failed_at = Vec::new();
    for room in 0..400 {
        give(room);
        let before = everything(&disk.path);
        let run = folder.run(arguments);
        if run.status == 0 {
            assert_eq!(run.stderr, "");
            assert!(!everything(&disk.path).keys().any(|path| path.contains(".camgrant-")));
            return failed_at;
        }
        assert_told(&run, "cannot write `", "no space left", "help: make room there, or name another place");
        assert_eq!(everything(&disk.path), before, "{arguments:?} with room for {room}");
        let place = run.stderr.split('`').nth(1).unwrap();
        failed_at.push(place.strip_prefix(disk.path.to_str().unwrap()).unwrap().to_owned());
        failed_at.dedup();
    }
    panic!("there was never enough room: {failed_at:?}");
}

/// Gives room for so many pages, and not one byte more.
fn pages(disk: &Disk, room: usize) {
    let filler = disk.path.join("filler");
    let _ = fs::remove_file(&filler);
    Command::new("sh").arg("-c").arg("cat /dev/zero > \"$0\" 2> /dev/null").arg(&filler).status().unwrap();
    let full = fs::metadata(&filler).unwrap().len();
    let left = full.checked_sub(room as u64 * 4096).expect("the disk is large enough");
    fs::File::options().write(true).open(&filler).unwrap().set_len(left).unwrap();
}

#[test]
fn a_full_disk() {
    let Some(disk) = Disk::new("a_full_disk", "size=256k") else { return };
    let folder = earlier(3, 30);
    let at = |name: &str| disk.path.join(name).to_str().unwrap().to_owned();
    let (table, map, out) = (at("table.json"), at("map.json"), at("out"));
    folder.write("old.yaml", &policy(3, 2));
    folder.result(&["compile", "old.yaml", "-o", &table, "--source-map", &map]);
    folder.result(&["compile", "old.yaml", "-o", &out, "--split", "recorder"]);

    let give = |room: usize| pages(&disk, room);
    let both = ["compile", "policy.yaml", "-o", &table, "--source-map", &map];
    assert_eq!(fill(&disk, &folder, &both, give), ["/table.json", "/map.json"]);
    let split = ["compile", "policy.yaml", "-o", &out, "--split", "recorder"];
    let slices = ["nvr-000", "nvr-001", "nvr-002", "_unrecorded"].map(|name| format!("/out/acme/{name}.json"));
    let failed_at = fill(&disk, &folder, &split, give);
    assert_eq!(failed_at.last().unwrap(), "/out/SHA256SUMS");
    assert!(
        failed_at.len() > 3 && failed_at.iter().all(|at| slices.contains(at) || at.ends_with("SUMS")),
        "{failed_at:?}"
    );
    let first = at("first");
    assert_eq!(
        fill(&disk, &folder, &["init", "--quiet", &first], give).last().unwrap(),
        "/first/schema/policy.schema.json"
    );
}

/// Here the room is counted in files: each one that is made is the last, once.
#[test]
fn a_disk_without_room_for_one_more_file() {
    let test = "a_disk_without_room_for_one_more_file";
    let Some(disk) = Disk::new(test, "size=4m,nr_inodes=64") else { return };
    let folder = earlier(8, 1);
    let out = disk.path.join("out").to_str().unwrap().to_owned();
    // the files that take the room away stand beside the slices
    let give = |room: usize| {
        let taken = disk.path.join("taken");
        let _ = fs::remove_dir_all(&taken);
        fs::create_dir(&taken).unwrap();
        let mut made = 0;
        while fs::write(taken.join(made.to_string()), "").is_ok() {
            made += 1;
        }
        (0..room).for_each(|number| fs::remove_file(taken.join(number.to_string())).unwrap());
    };
    let split = ["compile", "policy.yaml", "-o", &out, "--split", "recorder"];
    let failed_at = fill(&disk, &folder, &split, give);
    let slices = (0..8).map(|number| format!("/out/acme/nvr-{number:03}.json"));
    // (a first slice without even a folder is told by its name too)
    let unrecorded = "/out/acme/_unrecorded.json".to_owned();
    let mut expected: Vec<String> = slices.chain(["/out/SHA256SUMS".to_owned(), unrecorded]).collect();
    let mut found = failed_at.clone();
    expected.sort();
    found.sort();
    assert_eq!(found, expected, "{failed_at:?}");
    assert_eq!(failed_at.last().unwrap(), "/out/SHA256SUMS");
}

#[test]
fn standard_output_without_room() {
    if !PathBuf::from("/dev/full").exists() {
        return skipped("standard_output_without_room", "there is no `/dev/full`");
    }
    let folder = earlier(1, 1);
    let before = everything(folder.path());
    let help = "help: make room there, or name another place";
    let map = ["compile", "policy.yaml", "--source-map", "map.json"];
    for arguments in [["compile", "policy.yaml"].as_slice(), &map, &["capabilities"], &["schema"], &["--help"]] {
        let place = if arguments.contains(&"compile") { "cannot write the table" } else { "to the output stream" };
        assert_told(&shell(&folder, "exec > /dev/full;", arguments), place, "no space left", help);
    }
    let run = folder.run(&["compile", "policy.yaml", "-o", "/dev/full"]);
    assert_told(&run, "cannot write `/dev/full`", "no space left", help);
    // findings that cannot be told are no clean run
    folder.write("wrong.yaml", "orgs: { acme: {} }\nusers: { nina: { nmae: Nina } }\n");
    let silent: Run = shell(&folder, "exec 2> /dev/full;", &["compile", "wrong.yaml", "-o", "table.json"]);
    assert_eq!((silent.status, silent.stdout.as_str()), (2, ""));
    fs::remove_file(folder.path().join("wrong.yaml")).unwrap();
    assert_eq!(everything(folder.path()), before);
}
