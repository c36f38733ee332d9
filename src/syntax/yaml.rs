//! YAML events into the tree: the one file that knows the parser (granit-parser).
//!
//! Duplicate keys, merge keys, tags, endless aliases and depth are found here, since they are wrong wherever they
//! stand. A syntax error breaks off its document alone: what was read of it stays, and reading goes on at the next.

use std::collections::HashMap;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, StructureStyle, Tag, options};

use super::rules;
use super::tree::{DocumentRoot, Node, NodeId, NodeKind, Tree};
use crate::diagnostics::{Diagnostic, shortened};
use crate::source::{FileId, Span};

/// Reads one file. `max_depth` bounds how deep lists and mappings may nest.
pub(super) fn parse(file: FileId, text: &str, max_depth: u32) -> (Tree<'_>, Vec<Diagnostic>) {
    let mut builder = Builder::new(file, text, max_depth);
    // one level more than allowed, so that the builder can say where it was
    let nesting = max_depth as usize + 1;
    let options = options! {
        emit_unresolved_aliases: true,
        flow_nesting_limit: nesting,
        block_nesting_limit: nesting,
    };
    let mut parser = Parser::new_from_str_with_options(text, options);
    loop {
        match parser.next_event() {
            None => break,
            Some(Ok((event, span))) => {
                let start = offset(span.start.byte_offset(), text);
                let end = offset(span.end.byte_offset(), text).max(start);
                let tag = span.tag_start.map(|marker| offset(marker.byte_offset(), text));
                builder.event(event, start, end, tag);
            }
            Some(Err(error)) => {
                builder.syntax_error(&error);
                match parser.proceed_next_document() {
                    Ok(true) => {}
                    Ok(false) => break,
                    Err(error) => {
                        builder.syntax_error(&error);
                        break;
                    }
                }
            }
        }
    }
    builder.close_document(false);
    (builder.tree, builder.diagnostics)
}

fn offset(bytes: Option<usize>, text: &str) -> u32 {
    // texts are at most 4 GiB, and a parser over a string always knows bytes
    bytes.unwrap_or(0).min(text.len()) as u32
}

struct Builder<'t> {
    tree: Tree<'t>,
    text: &'t str,
    file: FileId,
    max_depth: u32,
    diagnostics: Vec<Diagnostic>,
    /// Lists and mappings that are not closed yet, outermost first.
    open: Vec<NodeId>,
    anchors: HashMap<usize, NodeId>,
    /// The root of the document that is being read; `None` outside documents.
    document: Option<DocumentRoot>,
    /// How many levels beyond `max_depth` are being passed over.
    too_deep: u32,
}

impl<'t> Builder<'t> {
    fn new(file: FileId, text: &'t str, max_depth: u32) -> Builder<'t> {
        Builder {
            tree: Tree::new(text),
            text,
            file,
            max_depth,
            diagnostics: Vec::new(),
            open: Vec::new(),
            anchors: HashMap::new(),
            document: None,
            too_deep: 0,
        }
    }

    fn event(&mut self, event: Event<'_>, start: u32, end: u32, tag_start: Option<u32>) {
        if self.too_deep > 0 {
            match event {
                Event::SequenceStart(..) | Event::MappingStart(..) => self.too_deep += 1,
                Event::SequenceEnd | Event::MappingEnd => self.too_deep -= 1,
                _ => {}
            }
            return;
        }
        match event {
            Event::DocumentStart(..) => {
                self.document = Some(DocumentRoot { root: None, cut: false });
                self.anchors.clear();
            }
            Event::DocumentEnd => self.close_document(false),
            Event::Scalar(value, style, anchor, tag) => {
                self.check_tag(tag.as_deref(), tag_start, start);
                let kind = self.scalar_kind(&value, style, start, end);
                self.push(kind, start, end, anchor);
            }
            Event::Alias(anchor) => {
                let kind = match self.anchors.get(&anchor) {
                    Some(target) if self.open.contains(target) => {
                        self.report(
                            Diagnostic::new(
                                &rules::ALIAS,
                                self.span(start, end),
                                "this alias stands inside its own anchor",
                            )
                            .help("write out what is meant here: a list or mapping cannot contain itself"),
                        );
                        NodeKind::Broken
                    }
                    // an alias of an alias points on to what that one means
                    Some(target) => NodeKind::Alias(self.tree.resolve(*target)),
                    None => NodeKind::Broken,
                };
                self.push(kind, start, end, 0);
            }
            Event::UnresolvedAlias(name) => {
                let found = format!("no anchor `&{}` stands before this alias", shortened(&name));
                let help = format!("where text is meant, write it in quotes: `\"*{}\"`", shortened(&name));
                self.report(Diagnostic::new(&rules::ALIAS, self.span(start, end), found).help(help));
                self.push(NodeKind::Broken, start, end, 0);
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.check_tag(tag.as_deref(), tag_start, start);
                self.push_open(NodeKind::Sequence, start, end, anchor);
            }
            Event::MappingStart(style, anchor, tag) => {
                self.check_tag(tag.as_deref(), tag_start, start);
                let flow = style == StructureStyle::Flow;
                self.push_open(NodeKind::Mapping { flow }, start, end, anchor);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(end, false),
            _ => {}
        }
    }

    fn scalar_kind(&mut self, value: &str, style: ScalarStyle, start: u32, end: u32) -> NodeKind {
        let written = self.text.get(start as usize..end as usize).unwrap_or("");
        let plain = style == ScalarStyle::Plain;
        if plain && written == value {
            return NodeKind::Plain;
        }
        let quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
        if quoted && written.len() >= 2 && written.get(1..written.len() - 1) == Some(value) {
            return NodeKind::Quoted;
        }
        self.tree.folded.push(value.into());
        NodeKind::Folded { text: self.tree.folded.len() as u32 - 1, plain }
    }

    fn push(&mut self, kind: NodeKind, start: u32, end: u32, anchor: usize) -> NodeId {
        let id = NodeId(self.tree.nodes.len() as u32);
        self.tree.nodes.push(Node { start, end, next: id.0 + 1, kind, dropped: false, cut: false });
        if anchor != 0 {
            self.anchors.insert(anchor, id);
        }
        if self.open.is_empty()
            && let Some(document) = &mut self.document
        {
            document.root.get_or_insert(id);
        }
        id
    }

    fn push_open(&mut self, kind: NodeKind, start: u32, end: u32, anchor: usize) {
        if self.open.len() >= self.max_depth as usize {
            self.report_depth(start);
            self.push(NodeKind::Broken, start, end, anchor);
            self.too_deep = 1;
            return;
        }
        let id = self.push(kind, start, end, anchor);
        self.open.push(id);
    }

    /// Closes the innermost list or mapping, at its end or where a syntax error broke it off.
    fn close(&mut self, end: u32, cut: bool) {
        let Some(id) = self.open.pop() else { return };
        let next = self.tree.nodes.len() as u32;
        let last_end = self.tree.nodes.last().map_or(0, |node| node.end);
        let node = &mut self.tree.nodes[id.0 as usize];
        node.next = next;
        node.cut = cut;
        // a block ends where its last item does, not at the next line
        let flow_end = if matches!(node.kind, NodeKind::Mapping { flow: true }) || cut { end } else { last_end };
        node.end = match node.kind {
            NodeKind::Sequence if self.text.as_bytes().get(node.start as usize) == Some(&b'[') && !cut => end,
            _ => flow_end,
        }
        .max(node.start);
        if matches!(node.kind, NodeKind::Mapping { .. }) {
            self.check_keys(id);
        }
    }

    fn close_document(&mut self, cut: bool) {
        self.too_deep = 0;
        let end = self.text.len() as u32;
        while !self.open.is_empty() {
            self.close(end, cut);
        }
        if let Some(mut document) = self.document.take() {
            document.cut = cut;
            self.tree.documents.push(document);
        }
    }

    /// Merge keys, and keys that stand twice. Few keys are compared one by one, many through a map.
    fn check_keys(&mut self, mapping: NodeId) {
        let keys: Vec<NodeId> = self.tree.children(mapping).step_by(2).collect();
        let mut first: HashMap<String, NodeId> = HashMap::new();
        for (index, key) in keys.iter().copied().enumerate() {
            let node = *self.tree.node(key);
            let target = self.tree.resolve(key);
            let Some(name) = self.tree.scalar(target) else { continue };
            let span = self.span(node.start, node.end);
            if name == "<<" && self.tree.is_plain(target) {
                self.tree.nodes[key.0 as usize].dropped = true;
                self.report(
                    Diagnostic::new(&rules::MERGE_KEY, span, "YAML 1.2 has no merge key `<<`").help(
                        "write the fields out, or put an alias where the whole mapping is wanted: `lobby: *base`",
                    ),
                );
                continue;
            }
            let earlier = if keys.len() <= 16 {
                keys[..index]
                    .iter()
                    .copied()
                    .find(|k| !self.tree.node(*k).dropped && self.tree.scalar(self.tree.resolve(*k)) == Some(name))
            } else if let Some(earlier) = first.get(name) {
                Some(*earlier)
            } else {
                first.insert(name.to_owned(), key);
                None
            };
            if let Some(earlier) = earlier {
                let earlier = *self.tree.node(earlier);
                let found = format!("the key `{}` stands twice in this mapping", shortened(name));
                self.tree.nodes[key.0 as usize].dropped = true;
                let first_span = self.span(earlier.start, earlier.end);
                self.report(
                    Diagnostic::new(&rules::DUPLICATE_KEY, span, found)
                        .label("again here")
                        .other(first_span, "first here")
                        .help("put both into one, or rename one of them"),
                );
            }
        }
    }

    fn check_tag(&mut self, tag: Option<&Tag>, tag_start: Option<u32>, node_start: u32) {
        let Some(tag) = tag else { return };
        let written = tag.original();
        let start = tag_start.unwrap_or(node_start);
        let span = self.span(start, start + written.len() as u32);
        self.report(
            Diagnostic::new(&rules::TAG, span, format!("the tag `{}` has no meaning in a policy", shortened(&written)))
                .help("leave the tag out; where text is meant, write it in quotes"),
        );
    }

    fn report_depth(&mut self, start: u32) {
        let found = format!("lists and mappings nest deeper than {} levels here", self.max_depth);
        let span = self.span(start, start + 1);
        self.report(
            Diagnostic::new(&rules::DEPTH, span, found).help("write it flatter, or raise the limit with `--max-depth`"),
        );
    }

    fn syntax_error(&mut self, error: &ScanError) {
        let at = offset(error.marker().byte_offset(), self.text);
        // the parser has stepped over the sign that it could make nothing of
        let lone_sign = matches!(error.kind(), ErrorKind::MissingAnchorOrAliasName);
        let at = if lone_sign { at.saturating_sub(1) } else { at };
        // at the end of the text there is nothing to point at but its last character
        let at = if at as usize >= self.text.len() { self.text.trim_end().len() as u32 } else { at };
        if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
            if self.too_deep == 0 {
                self.report_depth(at);
            }
        } else {
            let end = self
                .text
                .get(at as usize..)
                .and_then(|rest| rest.chars().next())
                .map_or(at, |c| at + c.len_utf8() as u32);
            let span = self.span(at, end);
            self.report(match self.left_open(error.kind(), at) {
                Some(bracket) => Diagnostic::new(&rules::SYNTAX, bracket, "this bracket is not closed")
                    .other(span, "here something else begins")
                    .help("close it, or look at the indentation of what follows"),
                None => {
                    let help = self.trap(error.kind(), at);
                    Diagnostic::new(&rules::SYNTAX, span, format!("this is no YAML: {}", error.info())).maybe_help(help)
                }
            });
        }
        if self.document.is_none() {
            self.document = Some(DocumentRoot { root: None, cut: true });
        }
        self.close_document(true);
    }

    /// The bracket that an error on a later line shows to be left open.
    fn left_open(&self, kind: &ErrorKind, at: u32) -> Option<Span> {
        let shows_it = matches!(
            kind,
            ErrorKind::UnclosedFlowCollection { .. }
                | ErrorKind::UnexpectedEofFlowSequence
                | ErrorKind::UnexpectedEofFlowMapping
                | ErrorKind::UnexpectedEofImplicitFlowMapping
                | ErrorKind::UnexpectedEof
                | ErrorKind::BlockEntryInFlowCollection
                | ErrorKind::BlockSequenceEntryNotAllowed
                | ErrorKind::ExpectedFlowMappingSeparator
                | ErrorKind::ExpectedFlowSequenceSeparator
        );
        let start = self.tree.node(*self.open.last()?).start;
        let is_bracket = matches!(self.text.as_bytes().get(start as usize), Some(b'[' | b'{'));
        let unclosed = matches!(kind, ErrorKind::UnclosedFlowCollection { .. });
        let on_later_line = unclosed || self.text.get(start as usize..at as usize)?.contains('\n');
        (shows_it && is_bracket && on_later_line).then(|| self.span(start, start + 1))
    }

    /// What usually lies behind a syntax error, where YAML itself sets the trap.
    fn trap(&self, kind: &ErrorKind, at: u32) -> Option<String> {
        let at = at as usize;
        let line_start = self.text.get(..at)?.rfind('\n').map_or(0, |i| i + 1);
        let line = self.text.get(line_start..)?.lines().next()?;
        let help = match kind {
            ErrorKind::MissingAnchorOrAliasName => "an asterisk alone begins an alias: write it in quotes, `\"*\"`",
            ErrorKind::MappingValueNotAllowed
            | ErrorKind::InvalidColonPlacement
            | ErrorKind::InvalidMappingValueWhitespace
            | ErrorKind::SimpleKeyExpected
                if line.matches(": ").count() > 1 =>
            {
                "a colon and a space begin a value: write the text in quotes, `\"see: this\"`"
            }
            ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabInPlainScalar => "indent with spaces: YAML takes no tabs",
            ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => {
                "a quote is opened and not closed"
            }
            ErrorKind::UnclosedFlowCollection { .. }
            | ErrorKind::UnexpectedEofFlowSequence
            | ErrorKind::UnexpectedEofFlowMapping => "a bracket is opened and not closed",
            ErrorKind::UnexpectedCharacter { .. } if line.contains('%') || line.contains('@') || line.contains('`') => {
                "text that begins with a sign such as `@`, `%` or a backtick stands in quotes"
            }
            ErrorKind::InvalidIndentation | ErrorKind::ExpectedBlockMappingKey => {
                "look at the indentation: what belongs together begins in the same column"
            }
            _ => "look at quotes, brackets and indentation on this line and the one before",
        };
        Some(help.to_owned())
    }

    fn span(&self, start: u32, end: u32) -> Span {
        Span::new(self.file, start, end.min(self.text.len() as u32).max(start))
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}
