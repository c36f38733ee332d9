//! Edits of a table's JSON: what a faulty writer, or an ill-meaning one, might do to a table that was right.

use camgrant_naive::random::Rng;
use serde_json::Value;

/// Makes one edit somewhere.
pub fn edit(table: &mut Value, rng: &mut Rng) {
    let spots = count(table);
    let from = rng.below(spots);
    let other = nth(table, from).cloned().unwrap_or(Value::Null);
    let mut left = rng.below(spots);
    change(table, &mut left, &other, rng);
}

/// How many values there are in a value, itself included.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(entries) => entries.values().map(count).sum(),
        _ => 0,
    }
}

fn children(value: &Value) -> Box<dyn Iterator<Item = &Value> + '_> {
    match value {
        Value::Array(items) => Box::new(items.iter()),
        Value::Object(entries) => Box::new(entries.values()),
        _ => Box::new(std::iter::empty()),
    }
}

fn nth(value: &Value, mut left: usize) -> Option<&Value> {
    if left == 0 {
        return Some(value);
    }
    left -= 1;
    for child in children(value) {
        let size = count(child);
        if left < size {
            return nth(child, left);
        }
        left -= size;
    }
    None
}

/// Goes to the value that is `left` values further on, and changes it.
fn change(value: &mut Value, left: &mut usize, other: &Value, rng: &mut Rng) {
    if *left == 0 {
        return at(value, other, rng);
    }
    *left -= 1;
    let below: Vec<&mut Value> = match value {
        Value::Array(items) => items.iter_mut().collect(),
        Value::Object(entries) => entries.values_mut().collect(),
        _ => Vec::new(),
    };
    for child in below {
        let size = count(child);
        if *left < size {
            return change(child, left, other, rng);
        }
        *left -= size;
    }
}

fn at(value: &mut Value, other: &Value, rng: &mut Rng) {
    const TEXTS: [&str; 16] = [
        "",
        "null",
        "org",
        "device:",
        "user:",
        "fri",
        "24:00-00:00",
        "22:00-06:00",
        "9999-12-31T23:59:59Z",
        "1969-12-31T23:59:59Z",
        "0.0.0.0/0",
        "::/0",
        "::ffff:10.0.0.0/104",
        "Europe/Berlin",
        "2026-02-30",
        "*",
    ];
    match (rng.below(6), value) {
        (0, value) => *value = other.clone(),
        (1, Value::Array(items)) if !items.is_empty() => drop(items.remove(rng.below(items.len()))),
        (2, Value::Array(items)) if !items.is_empty() => {
            let again = items[rng.below(items.len())].clone();
            items.insert(rng.below(items.len() + 1), again);
        }
        (3, Value::Array(items)) => rng.shuffle(items),
        (1 | 2, Value::Object(entries)) if !entries.is_empty() => {
            let key = entries.keys().nth(rng.below(entries.len())).cloned().unwrap_or_default();
            entries.remove(&key);
        }
        (3, Value::Object(entries)) => {
            let keys = ["networks", "outside", "from", "until", "deny", "allow", "when", "schedules", "more"];
            entries.insert((*rng.pick(&keys)).to_owned(), other.clone());
        }
        (4, value) => *value = Value::from(rng.below(300)),
        (_, Value::String(text)) if rng.chance(50) => {
            let at = text.char_indices().map(|(at, _)| at).nth(rng.below(text.chars().count())).unwrap_or(0);
            text.insert(at, *rng.pick(&['0', '9', 'a', 'Z', ':', '/', '-', '.', ' ', '\u{0}', 'é']));
        }
        (_, value) => *value = Value::from(*rng.pick(&TEXTS)),
    }
}
