//! Enumerations that are stored and sent as words: the word, the Chinese and the English stand in one row, so that none
//! of the three can be forgotten.

/// Makes an enumeration from rows of variant, code, Chinese and English.
macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($(#[$row:meta])* $variant:ident $code:literal $zh:literal $en:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$row])* #[serde(rename = $code)] $variant),* }

        impl $name {
            /// All of them, in their order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its code, as stored and on the wire; never renamed.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            /// The one with this code.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)* _ => None }
            }

            /// What people call it.
            pub fn words(self) -> $crate::words::Words {
                match self { $(Self::$variant => $crate::words::Words::new($zh, $en)),* }
            }
        }
    };
}

pub(crate) use coded;
