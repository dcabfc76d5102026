//! How a binding is shown.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::id::kind;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{self, BindingRow, SocketRow};
use crate::customers::ColleagueBrief;
use crate::devices::equipment::words::{id_of, known};
use crate::error::Result;
use crate::people;
use crate::platform::db::TenantTx;

/// A socket as others name it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SocketBrief {
    /// Its id.
    #[schema(example = "skt_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// The device, as its source names it.
    #[schema(example = "plug-lathe-1")]
    pub device: String,
    /// Which channel of the device.
    #[schema(example = 0, minimum = 0)]
    pub channel: i32,
    /// What people call it.
    #[schema(example = "一车间配电箱")]
    pub label: Option<String>,
}

impl From<&SocketRow> for SocketBrief {
    fn from(row: &SocketRow) -> Self {
        Self {
            id: id_of::<kind::Socket>(row.id),
            device: row.device.clone(),
            channel: row.channel,
            label: row.label.clone(),
        }
    }
}

/// A time during which a socket was at a machine.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BindingView {
    /// Its id.
    #[schema(example = "bnd_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// The machine.
    #[schema(example = "eqp_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub equipment: String,
    /// The socket.
    pub socket: SocketBrief,
    /// Since when.
    pub from: DateTime<Utc>,
    /// Until when; null while it lasts.
    pub to: Option<DateTime<Utc>>,
    /// Who bound it.
    pub by: Option<ColleagueBrief>,
    /// Version for `If-Match`.
    #[schema(example = 1, minimum = 1)]
    pub version: i64,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
}

/// What a socket is called: by its label, else by its device and channel.
pub(super) fn name(socket: &SocketRow) -> String {
    match (&socket.label, socket.channel) {
        (Some(label), _) => label.clone(),
        (None, 0) => socket.device.clone(),
        (None, channel) => format!("{}#{channel}", socket.device),
    }
}

/// Rows with the sockets and people that they name.
pub(super) async fn views(tx: &TenantTx, rows: Vec<BindingRow>) -> Result<Vec<BindingView>> {
    let sockets: Vec<Uuid> = rows.iter().map(|row| row.socket_id).collect();
    let sockets: HashMap<Uuid, SocketRow> =
        store::sockets(tx, &sockets).await?.into_iter().map(|row| (row.id, row)).collect();
    let by: Vec<Uuid> = rows.iter().map(|row| row.created_by).collect();
    let names = people::staff_brief(tx, &by).await?;
    rows.into_iter()
        .map(|row| {
            Ok(BindingView {
                id: id_of::<kind::Binding>(row.id),
                equipment: id_of::<kind::Equipment>(row.equipment_id),
                socket: SocketBrief::from(known(sockets.get(&row.socket_id))?),
                from: row.from_at,
                to: row.to_at,
                by: ColleagueBrief::of(row.created_by, &names),
                version: row.version,
                created_at: row.created_at,
            })
        })
        .collect()
}
