//! What a PDF does by itself when it is opened, when a page is shown or a field is left. Going to a page is what honest
//! documents do; reaching outside is refused. A link that is clicked is the reader's own doing and stays.

use super::super::{Reason, Refused};
use super::lex::{Word, Words};
use super::objects::{Objects, Place};
use std::collections::HashSet;

/// Names of values that act by themselves, in the document and in its pages and fields.
const TRIGGERS: [&[u8]; 2] = [b"OpenAction", b"AA"];
/// What such an action must not be, and the chain that would follow it.
const REACHING: [&[u8]; 3] = [b"URI", b"Thread", b"Next"];
/// The short name of a script. In compressed data it turns up by chance, so it counts in objects alone.
const SCRIPT: &[u8] = b"JS";
/// How many words are read to find out what actions are.
const WORDS_MAX: usize = 200_000;
/// How many objects are followed from all of them.
const FOLLOWED_MAX: usize = 2_000;

fn acts(detail: &str) -> Refused {
    Refused::new(Reason::ActiveContent, detail)
}

/// Refuses scripts, and what reaches outside by itself.
pub(super) fn check(objects: &Objects<'_>) -> Result<(), Refused> {
    let mut follow = Follow { objects, seen: HashSet::new(), words_left: WORDS_MAX };
    for (source, stretch) in &objects.stretches {
        let bytes = objects.sources.get(*source).and_then(|s| s.get(..stretch.end)).unwrap_or_default();
        let mut words = Words::from(bytes, stretch.start);
        while let Some(word) = words.next() {
            let Word::Name(name) = word else { continue };
            if name == SCRIPT {
                return Err(acts("the PDF has /JS"));
            }
            if TRIGGERS.contains(&name.as_slice()) {
                follow.value(Place { source: *source, at: words.at })?;
            }
        }
    }
    Ok(())
}

struct Follow<'a, 'f> {
    objects: &'a Objects<'f>,
    seen: HashSet<Place>,
    words_left: usize,
}

impl Follow<'_, '_> {
    /// Reads the value here and whatever it refers to outside of lists; lists hold the places on a page that are gone to.
    fn value(&mut self, place: Place) -> Result<(), Refused> {
        let mut open = vec![place];
        while let Some(place) = open.pop() {
            if self.seen.len() >= FOLLOWED_MAX {
                return Err(acts("the PDF's actions lead on and on"));
            }
            if self.seen.insert(place) {
                for number in self.references(place)? {
                    // a reader that finds it where we do not would find it elsewhere
                    let places = self.objects.by_number.get(&number);
                    open.extend(places.ok_or_else(|| acts("an action of the PDF leads to what is not there"))?);
                }
            }
        }
        Ok(())
    }

    fn references(&mut self, place: Place) -> Result<Vec<u32>, Refused> {
        let bytes = self.objects.sources.get(place.source).map(AsRef::as_ref).unwrap_or_default();
        let (mut depth, mut lists) = (0usize, 0usize);
        let mut numbers: Vec<Option<u32>> = Vec::new();
        let mut found = Vec::new();
        for word in Words::from(bytes, place.at) {
            self.words_left = self.words_left.checked_sub(1).ok_or_else(|| acts("the PDF's actions are too long"))?;
            match &word {
                Word::Open => depth += 1,
                Word::ListOpen => (depth, lists) = (depth + 1, lists + 1),
                Word::Close => depth = depth.saturating_sub(1),
                Word::ListClose => (depth, lists) = (depth.saturating_sub(1), lists.saturating_sub(1)),
                Word::Name(name) if REACHING.contains(&name.as_slice()) => {
                    return Err(acts("the PDF reaches outside by itself"));
                }
                Word::Plain(b"R") if lists == 0 => found.extend(numbers.first().copied().flatten()),
                _ => {}
            }
            let Word::Plain(plain) = word else {
                numbers.clear();
                if depth == 0 {
                    break;
                }
                continue;
            };
            // a reference is two numbers and a letter
            let ends = plain == b"R" || plain.starts_with(b"endobj") || numbers.len() >= 2;
            if depth == 0 && ends {
                break;
            }
            numbers.push(std::str::from_utf8(plain).ok().and_then(|text| text.parse().ok()));
            if numbers.len() > 2 {
                numbers.remove(0);
            }
        }
        Ok(found)
    }
}
