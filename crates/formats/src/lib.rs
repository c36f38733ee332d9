//! Validates XML against the part of XML Schema that the JUnit schema is written in: elements with attributes, texts,
//! sequences and choices of other elements. In come a schema and a document, out come the places where they disagree.
//! What the schema uses beyond that part is refused, and never passed over.
#![forbid(unsafe_code)]

use std::collections::BTreeMap;

use roxmltree::{Document, Node};

const XS: &str = "http://www.w3.org/2001/XMLSchema";

/// What a schema says of one element.
#[derive(Debug, Default)]
struct Element {
    /// Attributes, and whether each must be there.
    attributes: BTreeMap<String, bool>,
    /// Elements that may stand inside, in any number and order.
    children: Vec<String>,
    /// Whether text may stand inside.
    text: bool,
}

/// The global elements of a schema.
#[derive(Debug)]
pub struct Schema(BTreeMap<String, Element>);

impl Schema {
    /// Reads a schema.
    ///
    /// # Errors
    ///
    /// Where it is no XML, or uses what is not understood here.
    pub fn read(text: &str) -> Result<Schema, String> {
        let document = Document::parse(text).map_err(|error| error.to_string())?;
        let mut elements = BTreeMap::new();
        for node in document.root_element().children().filter(Node::is_element) {
            match (node.tag_name().name(), node.attribute("name")) {
                ("element", Some(name)) => {
                    elements.insert(name.to_owned(), element(node)?);
                }
                // named types: of texts any is taken, and the types of elements that are re-runs are not looked into
                ("simpleType" | "complexType", Some(_)) => {}
                (other, _) => return Err(format!("`{other}` is not understood")),
            }
        }
        Ok(Schema(elements))
    }

    /// Where a document disagrees with the schema; none where it is valid.
    ///
    /// # Errors
    ///
    /// Where it is no XML.
    pub fn validate(&self, text: &str) -> Result<Vec<String>, String> {
        let document = Document::parse(text).map_err(|error| error.to_string())?;
        let mut wrong = Vec::new();
        for node in document.descendants().filter(Node::is_element) {
            self.check(node, &mut wrong);
        }
        Ok(wrong)
    }

    fn check(&self, node: Node<'_, '_>, wrong: &mut Vec<String>) {
        let name = node.tag_name().name();
        let Some(element) = self.0.get(name) else {
            wrong.push(format!("there is no element `{name}`"));
            return;
        };
        for attribute in node.attributes().filter(|attribute| !element.attributes.contains_key(attribute.name())) {
            wrong.push(format!("`{name}` has no attribute `{}`", attribute.name()));
        }
        for (attribute, _) in element.attributes.iter().filter(|(_, required)| **required) {
            if node.attribute(attribute.as_str()).is_none() {
                wrong.push(format!("`{name}` needs the attribute `{attribute}`"));
            }
        }
        for child in node.children() {
            let inside = child.tag_name().name();
            if child.is_element() && !element.children.iter().any(|known| known == inside) {
                wrong.push(format!("`{inside}` cannot stand in `{name}`"));
            }
            if child.text().is_some_and(|text| child.is_text() && !element.text && !text.trim().is_empty()) {
                wrong.push(format!("no text can stand in `{name}`"));
            }
        }
    }
}

/// A global element: of a named or simple type, which is text, or with a type of its own.
fn element(node: Node<'_, '_>) -> Result<Element, String> {
    let Some(complex) = node.children().find(Node::is_element) else {
        return Ok(Element { text: true, ..Element::default() });
    };
    if complex.tag_name().name() != "complexType" {
        return Err(format!("`{}` is not understood in an element", complex.tag_name().name()));
    }
    let mut element = Element { text: complex.attribute("mixed") == Some("true"), ..Element::default() };
    for part in complex.children().filter(Node::is_element) {
        match part.tag_name().name() {
            "attribute" => {
                let name = part.attribute("name").ok_or("an attribute without a name")?;
                element.attributes.insert(name.to_owned(), part.attribute("use") == Some("required"));
            }
            "sequence" | "choice" => group(part, &mut element.children)?,
            other => return Err(format!("`{other}` is not understood in a type")),
        }
    }
    Ok(element)
}

/// The elements of a sequence or choice. Only those in which any of them may come again and again are understood.
fn group(node: Node<'_, '_>, children: &mut Vec<String>) -> Result<(), String> {
    for part in node.children().filter(|part| part.is_element() && part.tag_name().namespace() == Some(XS)) {
        match (part.tag_name().name(), part.attribute("ref")) {
            ("element", Some(name)) => children.push(name.to_owned()),
            ("sequence" | "choice", None) => group(part, children)?,
            (other, _) => return Err(format!("`{other}` is not understood in a group")),
        }
    }
    let many = |node: Node<'_, '_>| node.attribute("maxOccurs") == Some("unbounded");
    let elements: Vec<Node<'_, '_>> = node.children().filter(Node::is_element).collect();
    if many(node) || matches!(elements.as_slice(), [only] if many(*only)) {
        Ok(())
    } else {
        Err("a group whose elements come a certain number of times is not understood".to_owned())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    const SCHEMA: &str = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
        <xs:element name="list"><xs:complexType>
            <xs:sequence><xs:element ref="item" maxOccurs="unbounded"/></xs:sequence>
            <xs:attribute name="name" type="xs:string" use="required"/>
        </xs:complexType></xs:element>
        <xs:element name="item" type="xs:string"/>
    </xs:schema>"#;

    #[test]
    fn what_the_schema_does_not_say_is_wrong() {
        let schema = Schema::read(SCHEMA).unwrap();
        let wrong = |text| schema.validate(text).unwrap().join("; ");
        assert_eq!(wrong("<list name='x'><item>text</item><item/></list>"), "");
        assert_eq!(wrong("<list/>"), "`list` needs the attribute `name`");
        assert_eq!(wrong("<list name='x' size='1'/>"), "`list` has no attribute `size`");
        assert_eq!(wrong("<list name='x'>text</list>"), "no text can stand in `list`");
        assert_eq!(wrong("<list name='x'><list name='y'/></list>"), "`list` cannot stand in `list`");
        assert!(schema.validate("<list").is_err());
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        assert!(Schema::read(&SCHEMA.replace(" maxOccurs=\"unbounded\"", "")).is_err());
        assert!(Schema::read(&SCHEMA.replace("xs:sequence", "xs:all")).is_err());
    }
}
