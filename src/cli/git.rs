//! Policies in Git: a folder as it was at a revision, read through the `git` program and without a checkout.
//!
//! In: a folder inside a repository, and a revision. Out: a [`World`], or the revisions of a range. The program is given
//! commit ids alone, never a name that it could take for an option; what it prints is read by its fixed forms.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::rc::Rc;

use camgrant::source::{Fault, FaultKind, Listing, MANIFEST, World};
use tempfile::TempDir;

use super::exit::Failure;

/// What a policy is called that is read at a revision.
pub(crate) const PREFIX: &str = "git:";

/// Where git looks for objects beside the repository's own.
const ALTERNATES: &str = "GIT_ALTERNATE_OBJECT_DIRECTORIES";

/// A commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Revision {
    /// Its full id.
    pub(crate) id: String,
    /// When it was committed, in seconds since 1970.
    pub(crate) committed: i64,
    /// Its name where it was chosen by one, such as a tag.
    pub(crate) name: Option<String>,
}

/// The revision that a policy's name names: `git:REV`.
pub(crate) fn named_in(policy: &Path) -> Option<&str> {
    policy.to_str().and_then(|policy| policy.strip_prefix(PREFIX))
}

/// The current folder at the revision that a policy's name names, if it names one.
pub(crate) fn at_revision(policy: &Path) -> Result<Option<GitWorld>, Failure> {
    let Some(name) = named_in(policy) else { return Ok(None) };
    let repository = Repository::open(Path::new("."))?;
    repository.world(&repository.revision(name)?).map(Some)
}

/// Where the current folder stands in its repository, with `/` and without one at its end.
pub(crate) fn current_folder() -> String {
    let here = Repository { folder: PathBuf::from("."), quarantine: None };
    let prefix = here.run(&["rev-parse", "--show-prefix"]).unwrap_or_default();
    prefix.trim_end_matches(['\r', '\n']).trim_end_matches('/').to_owned()
}

impl Revision {
    /// Its name, or the beginning of its id.
    pub(crate) fn text(&self) -> String {
        self.name.clone().unwrap_or_else(|| short(&self.id).to_owned())
    }

    /// From a line `<id> <seconds>`.
    pub(crate) fn of_line(line: &str) -> Result<Revision, Failure> {
        let parsed = line.split_once(' ').and_then(|(id, at)| Some((id.to_owned(), at.parse().ok()?)));
        let (id, committed) = parsed.ok_or_else(|| unexpected("log"))?;
        Ok(Revision { id, committed, name: None })
    }
}

/// The beginning of an id, which is enough for people.
pub(crate) fn short(id: &str) -> &str {
    id.get(..12).unwrap_or(id)
}

/// A folder in a repository.
#[derive(Clone, Debug)]
pub(crate) struct Repository {
    folder: PathBuf,
    /// Where new objects go, and not into the repository.
    quarantine: Option<Rc<Quarantine>>,
}

/// A place for new objects that is gone when nobody needs them any more.
#[derive(Debug)]
struct Quarantine {
    place: TempDir,
    /// Where the others are, as git writes a list of places.
    others: OsString,
}

impl Repository {
    /// The folder of a policy, which must lie in a repository.
    pub(crate) fn open(folder: &Path) -> Result<Repository, Failure> {
        let here = Repository { folder: folder.to_path_buf(), quarantine: None };
        if !folder.is_dir() {
            return Err(Failure::new(format!("`{}` is no folder", folder.display()))
                .help(Some("a policy in Git is a folder: name the one that has the manifest".to_owned())));
        }
        here.run(&["rev-parse", "--show-prefix"])?;
        Ok(here)
    }

    /// The commit that a revision names.
    pub(crate) fn revision(&self, name: &str) -> Result<Revision, Failure> {
        let wanted = format!("{name}^{{commit}}");
        let id = self.run(&["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted]);
        let id = id.map_err(|_| {
            Failure::new(format!("there is no revision `{name}`"))
                .help(Some("`git log` lists them; a shallow clone has but the last ones".to_owned()))
        })?;
        let id = id.trim().to_owned();
        let committed = self.run(&["show", "--no-patch", "--format=%ct", &id])?;
        let committed = committed.trim().parse().map_err(|_| unexpected("show"))?;
        Ok(Revision { id, committed, name: None })
    }

    /// The commits of a range that changed this folder, oldest first: the last one up to its start, which was in force
    /// when the range begins, and those behind it on the way of first parents to its end.
    pub(crate) fn range(&self, range: &str) -> Result<Vec<Revision>, Failure> {
        let (from, to) = range.split_once("..").ok_or_else(|| {
            Failure::new(format!("`{range}` is no range of revisions"))
                .help(Some("write two revisions, as in `v1.0..main`".to_owned()))
        })?;
        let named = |name: &str| if name.is_empty() { "HEAD".to_owned() } else { name.to_owned() };
        let (from, to) = (self.revision(&named(from))?, self.revision(&named(to))?);
        let log = |range: &str, more: &[&str]| {
            let arguments = [&["log", "--first-parent", "--format=%H %ct"], more, &[range, "--", "."]].concat();
            self.run(&arguments)
        };
        let mut lines = log(&from.id, &["--max-count=1"])?;
        let behind = log(&format!("{}..{}", from.id, to.id), &["--reverse"])?;
        lines.push_str(&behind);
        lines.lines().map(Revision::of_line).collect()
    }

    /// The tags of a pattern within a range, as revisions: the last one up to its start, and those behind it.
    pub(crate) fn tags(&self, pattern: &str, range: &str) -> Result<Vec<Revision>, Failure> {
        let all = self.range(range)?;
        let (first, last) = match (all.first(), all.last()) {
            (Some(first), Some(last)) => (first.committed, last.committed),
            _ => return Ok(Vec::new()),
        };
        let format = "--format=%(refname:short) %(*objectname) %(objectname)";
        let list = self.run(&["for-each-ref", format, &format!("refs/tags/{pattern}")])?;
        let mut tags = Vec::new();
        for line in list.lines() {
            let Some((name, _)) = line.split_once(' ') else { continue };
            let revision = self.revision(&format!("refs/tags/{name}"))?;
            tags.push(Revision { name: Some(name.to_owned()), ..revision });
        }
        tags.sort_by(|a, b| (a.committed, &a.name).cmp(&(b.committed, &b.name)));
        let before = tags.iter().rposition(|tag| tag.committed <= first).unwrap_or(0);
        Ok(tags.into_iter().skip(before).filter(|tag| tag.committed <= last).collect())
    }

    /// The id of what the folder held, if it was there.
    pub(crate) fn tree(&self, revision: &Revision) -> Result<Option<String>, Failure> {
        let name = format!("{}:./", revision.id);
        let (there, id) = self.decide(&["rev-parse", "--verify", "--quiet", "--end-of-options", &name])?;
        Ok(there.then(|| id.trim().to_owned()))
    }

    /// The first line of a commit's message.
    pub(crate) fn title(&self, revision: &Revision) -> Result<String, Failure> {
        let title = self.bytes(&["show", "--no-patch", "--format=%s", &revision.id])?;
        Ok(String::from_utf8_lossy(&title).trim_end().to_owned())
    }

    /// The parents of a commit.
    pub(crate) fn parents(&self, revision: &Revision) -> Result<Vec<Revision>, Failure> {
        let ids = self.run(&["show", "--no-patch", "--format=%P", &revision.id])?;
        ids.split_whitespace().map(|id| self.revision(id)).collect()
    }

    /// The folder as it was.
    pub(crate) fn world(&self, revision: &Revision) -> Result<GitWorld, Failure> {
        self.world_of(&revision.id)
    }

    /// The folder in a commit or in the tree of one, by its id.
    pub(crate) fn world_of(&self, id: &str) -> Result<GitWorld, Failure> {
        GitWorld::open(self, id)
    }

    /// The same repository, of which what is written anew goes to a place that is gone with the last that uses it.
    pub(crate) fn quarantined(&self) -> Result<Repository, Failure> {
        let objects = self.run(&["rev-parse", "--path-format=absolute", "--git-path", "objects"])?;
        let mut others = OsString::from(objects.trim_end_matches(['\r', '\n']));
        if let Some(more) = std::env::var_os(ALTERNATES) {
            others.push(if cfg!(windows) { ";" } else { ":" });
            others.push(more);
        }
        let place = tempfile::tempdir().map_err(|error| Failure::output("a temporary folder", &error))?;
        let quarantine = Some(Rc::new(Quarantine { place, others }));
        Ok(Repository { folder: self.folder.clone(), quarantine })
    }

    /// Runs git here; its output, where it ends well.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<String, Failure> {
        String::from_utf8(self.bytes(arguments)?).map_err(|_| unexpected("output"))
    }

    /// Runs git here where its status is an answer: whether it is yes, and the output.
    pub(crate) fn decide(&self, arguments: &[&str]) -> Result<(bool, String), Failure> {
        let output = self.command(arguments).output().map_err(|error| no_git(&error))?;
        match output.status.code() {
            Some(status @ (0 | 1)) => {
                Ok((status == 0, String::from_utf8(output.stdout).map_err(|_| unexpected("output"))?))
            }
            _ => Err(self.failed(&output.stderr)),
        }
    }

    fn bytes(&self, arguments: &[&str]) -> Result<Vec<u8>, Failure> {
        let output = self.command(arguments).output().map_err(|error| no_git(&error))?;
        if output.status.success() { Ok(output.stdout) } else { Err(self.failed(&output.stderr)) }
    }

    fn failed(&self, stderr: &[u8]) -> Failure {
        let said = String::from_utf8_lossy(stderr);
        let said = said.lines().next().unwrap_or("it gave no reason").trim_start_matches("fatal: ").to_owned();
        Failure::new(format!("git cannot read `{}`: {said}", self.folder.display()))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        // nothing that a repository's own settings could start, and nothing over a network
        for setting in ["log.showSignature=false", "core.fsmonitor=false", "core.hooksPath=/dev/null"] {
            command.args(["-c", setting]);
        }
        command.args(["--no-pager", "--no-replace-objects"]).arg("-C").arg(&self.folder).args(arguments);
        command.env("GIT_NO_LAZY_FETCH", "1").env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0");
        if let Some(quarantine) = &self.quarantine {
            command.env("GIT_OBJECT_DIRECTORY", quarantine.place.path()).env(ALTERNATES, &quarantine.others);
        }
        command.stdin(Stdio::null()).stderr(Stdio::piped());
        command
    }
}

fn no_git(error: &std::io::Error) -> Failure {
    Failure::new(format!("the program `git` cannot be run: {error}"))
        .help(Some("a policy at a revision is read through it: install it, or name a folder".to_owned()))
}

fn unexpected(what: &str) -> Failure {
    Failure::new(format!("what `git {what}` printed is not understood"))
}

/// A folder at a revision.
pub(crate) struct GitWorld {
    /// Path inside the folder to blob and size.
    files: BTreeMap<String, (String, u64)>,
    faults: Vec<Fault>,
    reader: RefCell<Reader>,
    /// Where its objects may be.
    _quarantine: Option<Rc<Quarantine>>,
}

/// A `git cat-file --batch` that answers one object at a time.
struct Reader {
    child: Child,
    ask: Option<ChildStdin>,
    answer: BufReader<ChildStdout>,
}

impl GitWorld {
    fn open(repository: &Repository, id: &str) -> Result<GitWorld, Failure> {
        let list = repository.run(&["ls-tree", "-r", "-z", "--long", id])?;
        let mut files = BTreeMap::new();
        let mut faults = Vec::new();
        for entry in list.split('\0').filter(|entry| !entry.is_empty()) {
            // `<mode> <type> <object> <size>\t<path>`
            let (head, path) = entry.split_once('\t').ok_or_else(|| unexpected("ls-tree"))?;
            let [mode, kind, object, size] = head.split_ascii_whitespace().collect::<Vec<_>>()[..] else {
                return Err(unexpected("ls-tree"));
            };
            let hidden = path.split('/').any(|part| part.starts_with('.'));
            let Some(ending) = path.rsplit_once('.').map(|(_, ending)| ending).filter(|_| !hidden) else { continue };
            let is_policy = ["yaml", "yml"].iter().any(|known| ending.eq_ignore_ascii_case(known));
            if !is_policy || kind != "blob" {
                continue;
            }
            let fault = |kind| Fault { path: path.to_owned(), kind };
            match mode {
                // what a link leads to may be anywhere; a checkout is needed to follow it
                "120000" => faults.push(fault(FaultKind::LinkOutside)),
                _ if ending != "yaml" && ending != "yml" => faults.push(fault(FaultKind::EndingCase)),
                _ => {
                    let size = size.parse().map_err(|_| unexpected("ls-tree"))?;
                    files.insert(path.to_owned(), (object.to_owned(), size));
                }
            }
        }
        let mut child = repository
            .command(&["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| no_git(&error))?;
        let ask = child.stdin.take();
        let answer = child.stdout.take().ok_or_else(|| unexpected("cat-file"))?;
        let reader = RefCell::new(Reader { child, ask, answer: BufReader::new(answer) });
        Ok(GitWorld { files, faults, reader, _quarantine: repository.quarantine.clone() })
    }
}

impl World for GitWorld {
    fn list(&self, max_files: usize) -> Listing {
        let files: Vec<String> = self.files.keys().take(max_files.saturating_add(1)).cloned().collect();
        Listing { files, faults: self.faults.clone(), has_manifest: self.files.contains_key(MANIFEST) }
    }

    fn read(&self, path: &str, max_bytes: u64) -> Result<Vec<u8>, FaultKind> {
        let Some((object, size)) = self.files.get(path) else {
            return Err(FaultKind::Unreadable("no such file".to_owned()));
        };
        if *size > max_bytes {
            return Err(FaultKind::TooLarge { limit: max_bytes });
        }
        let read = self.reader.borrow_mut().read(object, *size);
        read.map_err(|error| FaultKind::Unreadable(format!("git does not give it: {error}")))
    }
}

impl Reader {
    /// One object: `<object> blob <size>`, a line feed, its bytes, a line feed.
    fn read(&mut self, object: &str, size: u64) -> std::io::Result<Vec<u8>> {
        let broken = || std::io::Error::other("its answer is not understood");
        let ask = self.ask.as_mut().ok_or_else(broken)?;
        writeln!(ask, "{object}")?;
        ask.flush()?;
        let mut head = String::new();
        self.answer.read_line(&mut head)?;
        if head.trim_end() != format!("{object} blob {size}") {
            return Err(broken());
        }
        let mut bytes = Vec::new();
        (&mut self.answer).take(size).read_to_end(&mut bytes)?;
        let mut end = [0];
        self.answer.read_exact(&mut end)?;
        if bytes.len() as u64 != size { Err(broken()) } else { Ok(bytes) }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        drop(self.ask.take()); // at its end, the other side ends too
        let _ = self.child.wait();
    }
}
