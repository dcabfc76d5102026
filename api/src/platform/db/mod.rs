//! The database: two kinds behind one door. Everything that belongs to a tenant is reached through [`TenantTx`], what
//! the platform may see across tenants through [`PlatformTx`]; there is no third way.

mod connection;
mod constraints;
mod copy;
mod platform_tx;
mod pools;
mod raw_json;
mod safety;
mod tenant_tx;
mod together;

pub use connection::TxConnection;
pub use copy::{Part, check_sqlite, dump_postgres, dump_sqlite, load_postgres, migrations};
pub use platform_tx::{PlatformTx, TenantRow};
pub use pools::{Db, DbSettings};
pub use raw_json::RawJson;
pub use safety::{refuse_if_unsafe, role_name};
pub use tenant_tx::{Act, Actor, ActorKind, Keyed, TenantTx};
pub use together::Together;

use crate::error::{Code, Error};

impl From<sea_orm::DbErr> for Error {
    fn from(cause: sea_orm::DbErr) -> Self {
        if let Some(error) = constraints::error_of(&cause) {
            return error.because(cause);
        }
        match cause {
            sea_orm::DbErr::ConnectionAcquire(_) | sea_orm::DbErr::Conn(_) => {
                Error::new(Code::Unavailable).because(cause)
            }
            cause => Error::internal(cause),
        }
    }
}
