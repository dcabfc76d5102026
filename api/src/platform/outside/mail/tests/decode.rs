//! Just enough MIME to read back what was sent: header folding, encoded words (RFC 2047), base64 and quoted-printable.
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

pub struct Received {
    headers: Vec<(String, String)>,
    body: String,
}

impl Received {
    pub fn parse(data: &str) -> Self {
        let (head, body) = data.split_once("\r\n\r\n").unwrap();
        let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        let headers = unfolded.split("\r\n").map(|line| line.split_once(": ").unwrap());
        Self { headers: headers.map(|(n, v)| (n.to_owned(), v.to_owned())).collect(), body: body.to_owned() }
    }

    /// The header, which must be there exactly once.
    pub fn header(&self, name: &str) -> &str {
        let found: Vec<_> = self.headers.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name)).collect();
        assert_eq!(found.len(), 1, "{name} in {:?}", self.headers);
        &found[0].1
    }

    /// The header with its encoded words decoded; space between two of them does not count.
    pub fn header_text(&self, name: &str) -> String {
        let (mut out, mut after_word) = (String::new(), true);
        for word in self.header(name).split(' ') {
            let encoded = word.strip_prefix("=?utf-8?b?").and_then(|rest| rest.strip_suffix("?="));
            if !(after_word && (encoded.is_some() || out.is_empty())) {
                out.push(' ');
            }
            out.push_str(&encoded.map_or_else(|| word.to_owned(), base64));
            after_word = encoded.is_some();
        }
        out
    }

    /// The body, decoded, with bare line feeds.
    pub fn body(&self) -> String {
        let text = match self.header("Content-Transfer-Encoding") {
            "base64" => base64(&self.body.replace("\r\n", "")),
            "quoted-printable" => quoted_printable(&self.body),
            other => panic!("{other}"),
        };
        text.replace("\r\n", "\n")
    }
}

pub fn base64(text: &str) -> String {
    String::from_utf8(STANDARD.decode(text).unwrap()).unwrap()
}

fn quoted_printable(text: &str) -> String {
    let joined = text.replace("=\r\n", "");
    let mut parts = joined.split('=');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        bytes.extend(hex::decode(&part[..2]).unwrap());
        bytes.extend(&part.as_bytes()[2..]);
    }
    String::from_utf8(bytes).unwrap()
}
