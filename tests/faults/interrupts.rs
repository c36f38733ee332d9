//! Runs that are ended from outside, in the middle of writing: by a signal, or by a reader who leaves. The program is
//! known to be there because it writes to a pipe, and more than the pipe holds: no clock is needed.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};

use super::kinds::make_pipe;
use super::program::Folder;
use super::{everything, policy, skipped};

/// More than a pipe takes at once, in the table and in the map.
fn large() -> String {
    let mut text = policy(4, 500);
    let grants: String = (0..2000)
        .map(|n| format!("  - {{ to: nina, allow: live.view, scope: device:gate-000-{:03} }}\n", n % 500))
        .collect();
    text.truncate(text.rfind("grants:").unwrap());
    // what is said of the grants would fill the pipe of standard error, which nobody empties meanwhile
    text + "# camgrant: allow(redundant-grant) so many are here for the size of the map\n\
            grants:\n  - { to: nina, allow: live.view, scope: site:hq }\n"
        + &grants
}

/// A run that has everything staged and is in the middle of writing to the pipe.
struct Halfway {
    folder: Folder,
    before: BTreeMap<String, String>,
    child: Child,
    pipe: File,
}

impl Halfway {
    /// `arguments` write to `pipe` too. `before` are words of the shell that starts the program.
    fn new(arguments: &[&str], before: &str) -> Halfway {
        let folder = Folder::new(&[("policy.yaml", &large()), ("old.yaml", &policy(4, 1))]);
        folder.result(&["compile", "old.yaml", "-o", "table.json", "--source-map", "map.json"]);
        folder.result(&["compile", "old.yaml", "--split", "recorder", "-o", "out"]);
        make_pipe(&folder.path().join("pipe"));
        let unchanged = everything(folder.path());
        let mut command = Command::new("sh");
        command.arg("-c").arg(format!("{before} exec \"$0\" \"$@\"")).arg(env!("CARGO_BIN_EXE_camgrant"));
        command.args(arguments).current_dir(folder.path()).stdin(Stdio::null());
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // opened when the program opens it; read when it has begun to write
        let mut pipe = File::open(folder.path().join("pipe")).unwrap();
        pipe.read_exact(&mut [0]).unwrap();
        assert!(temporary(&folder) > 0, "nothing is under way");
        Halfway { folder, before: unchanged, child, pipe }
    }

    fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &id]).status().unwrap().success());
    }

    /// The signal that ended it. It said nothing.
    fn ended_by(&mut self) -> Option<i32> {
        let status = self.child.wait().unwrap();
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!(said, "");
        status.signal()
    }
}

/// How many temporary files there are.
fn temporary(folder: &Folder) -> usize {
    let is_temporary = |path: &&String| path.rsplit('/').next().unwrap().starts_with(".camgrant-");
    everything(folder.path()).keys().filter(is_temporary).count()
}

const TABLE: [&str; 6] = ["compile", "policy.yaml", "-o", "pipe", "--source-map", "map.json"];
const SPLIT: [&str; 8] = ["compile", "policy.yaml", "--split", "recorder", "-o", "out", "--source-map", "pipe"];
const ANEW: [&str; 8] = ["compile", "policy.yaml", "--split", "recorder", "-o", "a/new/out", "--source-map", "pipe"];

/// Whether a program that is started from here ignores this signal: that is inherited, and no program of ours undoes it.
fn is_ignored_here(number: u32) -> bool {
    // (only Linux tells)
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    mask >> (number - 1) & 1 == 1
}

#[test]
fn a_signal_leaves_nothing_behind() {
    for (signal, number) in [("INT", 2), ("TERM", 15), ("HUP", 1)] {
        if is_ignored_here(number) {
            let why = format!("whoever runs the tests has {signal} ignored, as `nohup` does, and so it stays");
            skipped("a_signal_leaves_nothing_behind", &why);
            continue;
        }
        for arguments in [TABLE.as_slice(), &SPLIT, &ANEW] {
            let mut run = Halfway::new(arguments, "");
            run.signal(signal);
            // by the signal, so that a shell and its scripts end too
            assert_eq!(run.ended_by(), i32::try_from(number).ok(), "{arguments:?}");
            assert_eq!(everything(run.folder.path()), run.before, "{signal}: {arguments:?}");
        }
    }
}

/// What whoever started the program wants ignored, as `nohup` does, stays ignored.
#[cfg(target_os = "linux")]
#[test]
fn a_signal_that_is_ignored_is_ignored() {
    let mut run = Halfway::new(&TABLE, "trap '' HUP INT;");
    run.signal("HUP");
    run.signal("INT");
    let mut rest = Vec::new();
    run.pipe.read_to_end(&mut rest).unwrap();
    assert_eq!(run.ended_by(), None);
    assert_eq!(temporary(&run.folder), 0);
    assert_eq!(rest.len() + 1, run.folder.result(&["compile", "policy.yaml"]).len());
}

/// Nothing can be done about this one: temporary files stay, and nothing else. They trouble nobody.
#[test]
fn a_run_that_is_killed_leaves_only_temporary_files() {
    for arguments in [TABLE.as_slice(), &SPLIT] {
        let mut run = Halfway::new(arguments, "");
        run.signal("KILL");
        assert_eq!(run.ended_by(), Some(9));
        let left = temporary(&run.folder);
        assert!(left > 0);
        let mut after = everything(run.folder.path());
        after.retain(|path, _| !path.contains(".camgrant-"));
        assert_eq!(after, run.before);
        // a later run does its work, and a policy in the same folder does not see them
        run.folder.result(&["compile", "policy.yaml", "-o", "table.json", "--source-map", "map.json"]);
        run.folder.result(&["compile", "policy.yaml", "--split", "recorder", "-o", "out"]);
        fs::remove_file(run.folder.path().join("old.yaml")).unwrap();
        run.folder.result(&["compile", "."]);
        assert_eq!(temporary(&run.folder), left);
    }
}

/// A reader who leaves in the middle ends the run quietly; what belongs into files stays as it was.
#[test]
fn a_reader_who_leaves_midway() {
    for arguments in [TABLE.as_slice(), &SPLIT] {
        let Halfway { folder, before, mut child, pipe } = Halfway::new(arguments, "");
        drop(pipe);
        let status = child.wait().unwrap().code();
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!((status, said.as_str()), (Some(2), ""));
        assert_eq!(everything(folder.path()), before);
    }
    let folder = Folder::new(&[("policy.yaml", &large())]);
    for arguments in [["compile", "policy.yaml"].as_slice(), &["schema"]] {
        let mut child = folder.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        stdout.read_exact(&mut [0]).unwrap();
        drop(stdout);
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        let status = child.wait().unwrap().code();
        assert!(status == Some(2) || arguments == ["schema"], "{arguments:?} ended with {status:?}");
        assert_eq!(said, "");
    }
}
