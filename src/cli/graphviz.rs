//! SVG, drawn by the program `dot` of Graphviz. In: a drawing in DOT. Out: the SVG that it prints. It is started with fixed
//! arguments, is given the drawing on standard input and opens no file.

use std::io::{ErrorKind, Write};
use std::process::{Command, Stdio};

use super::exit::Failure;

/// The drawing as SVG.
///
/// # Errors
///
/// Where Graphviz is not there, or ends badly.
pub(crate) fn svg(drawing: &str) -> Result<String, Failure> {
    let mut dot = Command::new("dot");
    let started = dot.arg("-Tsvg").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = started.map_err(|error| no_graphviz(&error))?;
    let input = child.stdin.take();
    // beside reading, so that neither side waits for the other
    let output = std::thread::scope(|scope| {
        scope.spawn(move || input.map(|mut input| input.write_all(drawing.as_bytes())));
        child.wait_with_output()
    });
    let output = output.map_err(|error| no_graphviz(&error))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.lines().next().unwrap_or("it gave no reason");
        return Err(Failure::new(format!("`dot` of Graphviz cannot draw this: {said}")));
    }
    String::from_utf8(output.stdout).map_err(|_| Failure::new("what `dot` printed is no text"))
}

fn no_graphviz(error: &std::io::Error) -> Failure {
    let what = match error.kind() {
        ErrorKind::NotFound => "there is no program `dot` here, which draws the SVG".to_owned(),
        _ => format!("the program `dot`, which draws the SVG, cannot be run: {error}"),
    };
    Failure::new(what).help(Some(
        "install Graphviz; or take `--format dot` or `--format mermaid`, which need nothing beside".to_owned(),
    ))
}
