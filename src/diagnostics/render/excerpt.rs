//! The source lines around a finding, cut down to what can be shown.
//!
//! In comes a finding, out goes a [`miette::SourceCode`] that holds the few lines in question and nothing else, however
//! large the file and however long its lines. Each block of neighbouring lines is a text of its own, with its own
//! offsets; blocks of several files stand side by side.

use std::ops::Range;

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::text::{column_behind, inline, visible};
use crate::diagnostics::Diagnostic;
use crate::source::{FileId, Position, Span};
use crate::source::{Lines, Places};

/// Lines shown before and after a place.
pub(super) const CONTEXT: usize = 1;
/// Columns that a line has to leave for its number and the frame.
const FRAME: usize = 10;
/// Columns that are shown behind the start of a place, whatever has to be cut before it.
const ROOM: usize = 30;
/// Characters that are shown to a column, where most take none.
const MOST_TO_A_COLUMN: usize = 4;
/// Further places shown for one finding.
const PLACES: usize = 20;

/// The blocks of one finding, and its places in them.
pub(super) struct Excerpt {
    blocks: Vec<Block>,
    labels: Vec<LabeledSpan>,
    /// How many places there are beyond those in `labels`.
    pub(super) more: usize,
}

/// Neighbouring lines of one file.
struct Block {
    path: String,
    /// The number of the first line, from 0.
    first: usize,
    text: String,
    /// Where the block's text starts among all blocks.
    base: usize,
    /// The marked places, by their offset in `text`, with what they are in the file.
    marks: Vec<(usize, Position)>,
}

/// A place to be marked, within one line.
#[derive(Clone)]
struct Mark {
    file: FileId,
    line: usize,
    bytes: Range<usize>,
    label: String,
    primary: bool,
}

impl Excerpt {
    /// The excerpt of a finding for a page of this width; without blocks where its file has no text to show.
    pub(super) fn new(diagnostic: &Diagnostic, places: &mut Places<'_>, width: usize) -> Excerpt {
        let line = width.saturating_sub(FRAME).max(2 * ROOM);
        let primary = (diagnostic.span, diagnostic.label.as_str(), true);
        let others = diagnostic.others.iter().map(|(span, label)| (*span, label.as_str(), false));
        let mut marks: Vec<Mark> = std::iter::once(primary)
            .chain(others.take(PLACES))
            .filter_map(|(span, label, primary)| mark(places.lines(span.file), span, label, primary))
            .collect();
        marks.sort_by_key(|mark| (mark.file, mark.bytes.start));
        // the block with the finding's own place comes first, then the finding's own file
        let own = diagnostic.span.file;
        let mut blocks: Vec<&[Mark]> = marks.chunk_by(|a, b| neighbours(a, b, line)).collect();
        blocks.sort_by_key(|block| {
            let foreign = block.first().is_some_and(|mark| mark.file != own);
            (!block.iter().any(|mark| mark.primary), foreign)
        });
        let mut excerpt =
            Excerpt { blocks: Vec::new(), labels: Vec::new(), more: diagnostic.others.len().saturating_sub(PLACES) };
        for block in blocks {
            if let [first, ..] = block {
                excerpt.add(places.lines(first.file), block, line);
            }
        }
        excerpt
    }

    pub(super) fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    pub(super) fn labels(&self) -> &[LabeledSpan] {
        &self.labels
    }

    fn add(&mut self, lines: &Lines<'_>, marks: &[Mark], width: usize) {
        let (Some(first), Some(last)) = (marks.first(), marks.last()) else {
            return;
        };
        // a byte apart, so that nothing lies in two blocks
        let base = self.blocks.last().map_or(0, |block| block.base + block.text.len() + 1);
        let path = inline(&lines.file.path).into_owned();
        let from = first.line.saturating_sub(CONTEXT);
        let to = (last.line + CONTEXT).min(lines.count().saturating_sub(1));
        let mut block = Block { path, first: from, text: String::new(), base, marks: Vec::new() };
        for number in from..=to {
            let range = lines.range(number);
            if number == lines.count() - 1 && range.is_empty() && last.line < number {
                break; // behind the last line break there is no line
            }
            let here: Vec<&Mark> = marks.iter().filter(|mark| mark.line == number).collect();
            let shown = show(&lines.file.text, range, &here, width, &mut block.text);
            for (mark, shown) in here.iter().zip(shown) {
                block.marks.push((shown.start, lines.position(mark.bytes.start)));
                let label = (!mark.label.is_empty()).then(|| mark.label.clone());
                let span = (base + shown.start, shown.len());
                self.labels.push(if mark.primary {
                    LabeledSpan::new_primary_with_span(label, span)
                } else {
                    LabeledSpan::new_with_span(label, span)
                });
            }
        }
        self.blocks.push(block);
    }
}

/// The place of a span, cut to its first line; none where there is no text.
fn mark(lines: &Lines<'_>, span: Span, label: &str, primary: bool) -> Option<Mark> {
    let text = &lines.file.text;
    if text.is_empty() {
        return None;
    }
    let floor = |byte: u32| {
        let byte = (byte as usize).min(text.len());
        (0..=byte).rev().find(|byte| text.is_char_boundary(*byte)).unwrap_or(0)
    };
    let (start, end) = (floor(span.start), floor(span.end));
    let line = lines.line_of(start);
    let line_end = lines.range(line).end.max(start);
    let bytes = start..end.clamp(start, line_end);
    Some(Mark { file: span.file, line, bytes, label: inline(label).into_owned(), primary })
}

/// Whether two places, in order, are shown in one block of lines of at most `width` columns.
fn neighbours(a: &Mark, b: &Mark, width: usize) -> bool {
    if a.file != b.file {
        return false;
    }
    if a.line == b.line {
        b.bytes.start.saturating_sub(a.bytes.start) < width / 2
    } else {
        b.line.saturating_sub(a.line) <= 2 * CONTEXT + 1
    }
}

/// Puts one line into `out`, cut to `width` columns, and says where the marks are in `out`.
fn show(text: &str, line: Range<usize>, marks: &[&Mark], width: usize, out: &mut String) -> Vec<Range<usize>> {
    let content = text.get(line.clone()).unwrap_or("");
    let first = marks.iter().map(|mark| mark.bytes.start.saturating_sub(line.start)).min().unwrap_or(0);
    let fits = within(content, width) == content.len() || first <= within(content, width.saturating_sub(ROOM));
    let skip = if fits { 0 } else { back(content, first, width / 3) };
    let mut starts = vec![None; marks.len()];
    let mut ends = vec![None; marks.len()];
    if skip > 0 {
        out.push('…');
    }
    let mut note = |byte: usize, at: usize| {
        for ((mark, start), end) in marks.iter().zip(&mut starts).zip(&mut ends) {
            if start.is_none() && mark.bytes.start <= byte {
                *start = Some(at);
            }
            if end.is_none() && mark.bytes.end <= byte {
                *end = Some(at);
            }
        }
    };
    let rest = content.get(skip..).unwrap_or("");
    let shown = within(rest, width);
    for (offset, c) in rest.char_indices().take_while(|(offset, _)| *offset < shown) {
        note(line.start + skip + offset, out.len());
        out.push(visible(c));
    }
    let all = shown == rest.len();
    if all {
        note(line.end, out.len());
    }
    let end_of_line = out.len();
    if !all {
        out.push('…');
    }
    out.push('\n');
    let at = |place: Option<usize>| place.unwrap_or(end_of_line);
    starts.into_iter().zip(ends).map(|(start, end)| at(start)..at(end).max(at(start))).collect()
}

/// How much of a text, in bytes, is shown in `width` columns. Of characters that take none it has no more than a few to
/// a column.
fn within(text: &str, width: usize) -> usize {
    let mut column = 0;
    for (number, (offset, c)) in text.char_indices().enumerate() {
        column = column_behind(column, visible(c));
        if column > width || number >= MOST_TO_A_COLUMN * width {
            return offset;
        }
    }
    text.len()
}

/// The offset of the character that stands about `width` columns before `byte`.
fn back(text: &str, byte: usize, width: usize) -> usize {
    let before = text.get(..byte).unwrap_or("");
    let (mut column, mut start) = (0, before.len());
    for (offset, c) in before.char_indices().rev().take(MOST_TO_A_COLUMN * width) {
        // a tab counts as its widest
        column += column_behind(0, visible(c));
        if column > width {
            break;
        }
        start = offset;
    }
    start
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let block = self.blocks.iter().rfind(|block| block.base <= span.offset());
        let block = block.ok_or(MietteError::OutOfBounds)?;
        let start = span.offset() - block.base;
        let end = start + span.len();
        if end > block.text.len() {
            return Err(MietteError::OutOfBounds); // reaches into another block
        }
        let text = &block.text;
        let head = text.get(..start).ok_or(MietteError::OutOfBounds)?;
        let tail = text.get(end..).ok_or(MietteError::OutOfBounds)?;
        let from = head.rmatch_indices('\n').nth(before).map_or(0, |(at, _)| at + 1);
        let to = tail.match_indices('\n').nth(after).map_or(text.len(), |(at, _)| end + at + 1);
        let shown = text.get(from..to).ok_or(MietteError::OutOfBounds)?;
        let above = text.get(..from).map_or(0, |above| above.matches('\n').count());
        // without lines around it the place itself is asked for: its column in the file, not in the excerpt
        let position = block.marks.iter().find(|(at, _)| before == 0 && *at == start).map(|(_, position)| position);
        let (line, column) = match position {
            Some(position) => (position.line - 1, position.column - 1),
            None => (block.first + above, 0),
        };
        Ok(Box::new(MietteSpanContents::new_named(
            block.path.clone(),
            shown.as_bytes(),
            (block.base + from, shown.len()).into(),
            line,
            column,
            shown.matches('\n').count(),
        )))
    }
}
