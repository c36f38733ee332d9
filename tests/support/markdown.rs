//! Markdown as far as tests need it: prose and fenced blocks, in order.

/// A piece of a Markdown text.
#[derive(Clone, Debug)]
pub(crate) enum Block {
    /// Lines outside of fences, as they stand.
    Prose(String),
    /// A fenced block.
    Fence(Fence),
}

/// A fenced block.
#[derive(Clone, Debug)]
pub(crate) struct Fence {
    /// The heading `## …` above it; empty where there is none.
    pub(crate) section: String,
    /// What stands behind the opening backticks.
    pub(crate) info: String,
    /// The lines inside.
    pub(crate) text: String,
    /// The line of the opening backticks, from 1.
    pub(crate) line: usize,
}

/// All blocks, in order.
pub(crate) fn blocks(markdown: &str) -> Vec<Block> {
    let mut all = Vec::new();
    let mut section = String::new();
    let mut prose = String::new();
    let mut open: Option<Fence> = None;
    for (number, line) in markdown.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (Some(_), Some(_)) => all.extend(open.take().map(Block::Fence)),
            (Some(fence), None) => {
                fence.text.push_str(line);
                fence.text.push('\n');
            }
            (None, Some(info)) => {
                if !prose.is_empty() {
                    all.push(Block::Prose(std::mem::take(&mut prose)));
                }
                let (section, info) = (section.clone(), info.trim().to_owned());
                open = Some(Fence { section, info, text: String::new(), line: number + 1 });
            }
            (None, None) => {
                if let Some(heading) = line.strip_prefix("## ") {
                    section = heading.trim().to_owned();
                }
                prose.push_str(line);
                prose.push('\n');
            }
        }
    }
    assert!(open.is_none(), "a fence is not closed: {open:?}");
    if !prose.is_empty() {
        all.push(Block::Prose(prose));
    }
    all
}

/// The fenced blocks alone.
pub(crate) fn fences(markdown: &str) -> Vec<Fence> {
    let fence = |block| match block {
        Block::Fence(fence) => Some(fence),
        Block::Prose(_) => None,
    };
    blocks(markdown).into_iter().filter_map(fence).collect()
}
