//! `--watch`: looks again whenever something of the policy changes, until somebody interrupts.
//!
//! In: a path and what to do. What is watched is set up anew before each look, so that no change falls between two, and
//! folders that went and came back are watched again. A file is watched by its folder, since editors save by renaming;
//! what is not there, by the folder above that is. Nothing is read here, and no report is made.

use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use notify::event::EventKind;
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};

use camgrant::diagnostics::render;
use camgrant::source::Sources;

use super::common::{Common, Stream};
use super::exit::{Failure, Status};
use super::git;
use super::interrupt;
use super::output;

/// How long nothing may change before one looks again: whoever saves many files wants one report.
const CALM: Duration = Duration::from_millis(60);
/// How long one waits for calm at most.
const PATIENCE: Duration = Duration::from_secs(2);

/// An empty page, with the cursor at its top.
const CLEAR: &str = "\u{1b}[2J\u{1b}[H";

/// The looks so far.
#[derive(Debug, Default)]
pub(crate) struct Looks {
    /// What the policy held the last time, and what came of it.
    last: Option<(Sources, Status)>,
}

impl Looks {
    /// One look of many: the report, unless the policy holds what it held the last time. On a terminal each report has the
    /// page for itself; elsewhere an empty line stands between two.
    pub(crate) fn look(
        &mut self,
        sources: &Sources,
        policy: &Path,
        common: &Common,
        report: impl FnOnce() -> Result<Status, Failure>,
    ) -> Result<Status, Failure> {
        if let Some((before, status)) = &self.last
            && before == sources
        {
            return Ok(*status);
        }
        let is_text = !render::Format::from(common.format).is_document();
        if Stream::Stdout.is_terminal() {
            output::print_text(CLEAR)?;
        } else if self.last.is_some() && is_text {
            output::print_text("\n")?;
        }
        let status = report()?;
        if !common.quiet {
            let told = format!("watching {}, Ctrl-C ends\n", output::named(policy));
            output::print(Stream::Stderr, |out| out.write_all(told.as_bytes()))?;
        }
        self.last = Some((sources.clone(), status));
        Ok(status)
    }
}

/// Whether a policy can be watched.
pub(crate) fn can_watch(policy: &Path) -> Result<(), Failure> {
    if git::named_in(policy).is_some() {
        return Err(Failure::new("a revision cannot be watched, since it does not change"));
    }
    if policy == Path::new("-") { Err(not_stdin("watched")) } else { Ok(()) }
}

/// Standard input, where a file is needed.
pub(crate) fn not_stdin(done: &str) -> Failure {
    let help = "write it to a file, and name the file".to_owned();
    Failure::new(format!("standard input cannot be {done}")).help(Some(help))
}

/// Why the waiting is over.
#[derive(Debug)]
enum News {
    Changed,
    Interrupted,
}

/// Looks at the policy at `path`, and again after each change. Ends where it is interrupted, with the status of the last
/// look, or where a look fails.
pub(crate) fn run(path: &Path, mut look: impl FnMut() -> Result<Status, Failure>) -> Result<Status, Failure> {
    let policy = absolute(path).map_err(|error| Failure::input("the current folder", &error))?;
    let (news, heard) = mpsc::channel();
    let interrupted = news.clone();
    interrupt::instead(move || drop(interrupted.send(News::Interrupted)))
        .map_err(|error| Failure::new(format!("cannot wait for an interrupt: {error}")))?;
    loop {
        let _watcher = watch(&policy, &news)?;
        let status = look()?;
        if let News::Interrupted = wait(&heard) {
            return Ok(status);
        }
    }
}

/// Waits for a change and the calm after it.
fn wait(heard: &Receiver<News>) -> News {
    // one sender is ours, so that the channel never closes
    match heard.recv() {
        Ok(News::Changed) => {}
        Ok(News::Interrupted) | Err(_) => return News::Interrupted,
    }
    let patience = Instant::now() + PATIENCE;
    while Instant::now() < patience {
        match heard.recv_timeout(CALM) {
            Ok(News::Changed) => {}
            Ok(News::Interrupted) | Err(RecvTimeoutError::Disconnected) => return News::Interrupted,
            Err(RecvTimeoutError::Timeout) => break,
        }
    }
    News::Changed
}

/// Watches all that the policy may be read from.
fn watch(policy: &Path, news: &Sender<News>) -> Result<RecommendedWatcher, Failure> {
    let cannot =
        |error: &notify::Error| Failure::new(format!("cannot watch {}: {error}", super::output::named(policy)));
    // where a link leads counts as well
    let real = policy.canonicalize().ok().filter(|real| real != policy);
    let policies: Vec<PathBuf> = std::iter::once(policy.to_path_buf()).chain(real).collect();
    let (of, news) = (policies.clone(), news.clone());
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        // what was missed may have been a change
        if event.map_or(true, |event| of.iter().any(|policy| concerns(policy, &event))) {
            let _ = news.send(News::Changed);
        }
    })
    .map_err(|error| cannot(&error))?;
    for policy in &policies {
        let above = policy.ancestors().skip(1).find(|above| above.is_dir());
        if let Some(above) = above {
            watcher.watch(above, RecursiveMode::NonRecursive).map_err(|error| cannot(&error))?;
        }
        if policy.is_dir() {
            match watcher.watch(policy, RecursiveMode::Recursive) {
                // gone in between: the folder above tells when it is back
                Err(_) if !policy.is_dir() => {}
                result => result.map_err(|error| cannot(&error))?,
            }
        }
    }
    Ok(watcher)
}

/// Whether an event is a change of what is or will be at the policy's path, hidden files aside.
fn concerns(policy: &Path, event: &Event) -> bool {
    if event.need_rescan() {
        return true;
    }
    if matches!(event.kind, EventKind::Access(_)) {
        return false; // our own reading, for one
    }
    event.paths.iter().any(|path| match path.strip_prefix(policy) {
        Ok(inside) => !inside.components().any(is_hidden),
        Err(_) => policy.starts_with(path),
    })
}

fn is_hidden(part: Component<'_>) -> bool {
    part.as_os_str().as_encoded_bytes().starts_with(b".")
}

/// A path that says where it is from anywhere, without `.` in it.
fn absolute(path: &Path) -> io::Result<PathBuf> {
    let whole = std::path::absolute(path)?;
    Ok(whole.components().filter(|part| *part != Component::CurDir).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::event::{AccessKind, CreateKind, ModifyKind};

    fn concerns(kind: EventKind, path: &str) -> bool {
        super::concerns(Path::new("/srv/policy"), &Event::new(kind).add_path(PathBuf::from(path)))
    }

    #[test]
    fn changes_of_the_policy_and_of_the_way_to_it_concern_it() {
        let changed = EventKind::Modify(ModifyKind::Any);
        for path in ["/srv/policy", "/srv/policy/a.yaml", "/srv/policy/people/b.yaml", "/srv"] {
            assert!(concerns(changed, path), "{path}");
        }
        for path in ["/srv/other", "/srv/policy2/a.yaml", "/srv/policy/.git/index", "/srv/policy/people/.b.swp"] {
            assert!(!concerns(changed, path), "{path}");
        }
        assert!(concerns(EventKind::Create(CreateKind::Any), "/srv/policy"));
        assert!(!concerns(EventKind::Access(AccessKind::Any), "/srv/policy/a.yaml"));
    }

    #[test]
    fn many_changes_are_one_and_an_interrupt_is_never_missed() {
        let (news, heard) = mpsc::channel();
        (0..5).for_each(|_| drop(news.send(News::Changed)));
        assert!(matches!(wait(&heard), News::Changed));
        assert!(heard.try_recv().is_err());
        drop(news.send(News::Changed));
        drop(news.send(News::Interrupted));
        assert!(matches!(wait(&heard), News::Interrupted));
    }
}
