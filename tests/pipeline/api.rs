//! A server on this machine that answers as a platform's API does, as far as the scripts ask.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// A request: method, path with its query, body.
pub(crate) type Asked = (String, String, String);

/// What answers: a request to a status and a body.
type Answer = dyn Fn(&Asked) -> (u16, String) + Send;

/// The server, until it is dropped.
pub(crate) struct Api {
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    thread: Option<JoinHandle<()>>,
}

impl Api {
    pub(crate) fn new(answer: Box<Answer>) -> Api {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&asked);
        let thread = std::thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                if !serve(stream, &answer, &kept) {
                    break;
                }
            }
        });
        Api { url, asked, thread: Some(thread) }
    }

    /// All that was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Api {
    fn drop(&mut self) {
        // a line that is no request ends it
        if let Ok(mut stream) = TcpStream::connect(self.url.trim_start_matches("http://")) {
            let _ = stream.write_all(b"end\r\n\r\n");
        }
        let _ = self.thread.take().unwrap().join();
    }
}

/// Answers one request; whether to go on.
fn serve(stream: TcpStream, answer: &Answer, asked: &Mutex<Vec<Asked>>) -> bool {
    let mut reader = BufReader::new(&stream);
    let mut first = String::new();
    reader.read_line(&mut first).unwrap();
    let mut words = first.split_whitespace();
    let (Some(method), Some(path)) = (words.next(), words.next()) else { return false };
    let (mut length, mut line) = (0, String::new());
    loop {
        line.clear();
        reader.read_line(&mut line).unwrap();
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let request = (method.to_owned(), path.to_owned(), String::from_utf8(body).unwrap());
    let (status, text) = answer(&request);
    asked.lock().unwrap().push(request);
    let head = format!("HTTP/1.1 {status} OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", text.len());
    (&stream).write_all(format!("{head}{text}").as_bytes()).unwrap();
    true
}
