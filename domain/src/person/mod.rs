//! Who somebody is, as types that cannot be wrong and, where they are personal, cannot be printed: a name, phone or
//! ID number that reached a log line would be a leak, so there is no `Display`, no `Serialize`, and `Debug` is a mask.

mod address;
mod credit_code;
mod email;
mod enterprise_name;
mod fault;
mod id_number;
mod name;
mod phone;

pub use address::{address_form, masked_address};
pub use credit_code::CreditCode;
pub use email::EmailAddress;
pub use enterprise_name::same_enterprise_name;
pub use fault::PersonFault;
pub use id_number::{IdNumber, Sex};
pub use name::RealName;
pub use phone::Phone;

/// Gives a personal type its `Debug`, which says that there is a value and nothing of it.
macro_rules! never_printed {
    ($type:ident) => {
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($type), "(***)"))
            }
        }
    };
}
use never_printed;

/// Shows `head` characters, then stars, then `tail` characters; all stars where that would show everything.
fn star(text: &str, head: usize, tail: usize) -> String {
    let chars: Vec<char> = text.chars().collect();
    let hidden_to = chars.len().saturating_sub(tail);
    let shown_all = head >= hidden_to;
    chars.iter().enumerate().map(|(i, c)| if !shown_all && (i < head || i >= hidden_to) { *c } else { '*' }).collect()
}
