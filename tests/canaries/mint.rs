//! Canaries: personal data that occurs nowhere else, so that one found anywhere is one that got out.

use std::cell::{Cell, RefCell};

use crate::support::id_number;

/// Makes them, and remembers each with what it is.
#[derive(Default)]
pub struct Mint {
    next: Cell<u32>,
    all: RefCell<Vec<(String, String)>>,
}

impl Mint {
    /// One whose canaries are none of another's that begins a hundred sooner or later.
    pub fn beginning_at(number: u32) -> Self {
        Self { next: Cell::new(number), all: RefCell::default() }
    }

    fn number(&self) -> u32 {
        let n = self.next.get();
        self.next.set(n + 1);
        n
    }

    fn keep(&self, what: &str, text: String) -> String {
        self.all.borrow_mut().push((what.to_owned(), text.clone()));
        text
    }

    /// Three characters that no text of the product has together.
    fn rare(&self) -> String {
        let n = self.number();
        let at = |from: u32| char::from_u32(from + n).expect("a character");
        format!("龘{}{}", at(0x8E00), at(0x5B00))
    }

    /// Somebody's name.
    pub fn name(&self, what: &str) -> String {
        self.keep(what, self.rare())
    }

    /// A mobile number.
    pub fn phone(&self, what: &str) -> String {
        self.keep(what, format!("1995{:07}", 5_120_407 + self.number() * 13))
    }

    /// An ID number.
    pub fn id_number(&self, what: &str) -> String {
        let n = self.number();
        let born = format!("19{:02}{:02}{:02}", 60 + n % 40, 1 + n % 12, 1 + n % 28);
        self.keep(what, id_number("330106", &born, n % 1000))
    }

    /// Words about somebody, such as an address.
    pub fn words(&self, what: &str) -> String {
        self.keep(what, format!("{}路{}号", self.rare(), self.number()))
    }

    /// A mail address.
    pub fn email(&self, what: &str) -> String {
        self.keep(what, format!("canary.bird.{}@birds.example.com", 40_000 + self.number()))
    }

    /// All so far: what each is, and its text.
    pub fn all(&self) -> Vec<(String, String)> {
        self.all.borrow().clone()
    }
}
