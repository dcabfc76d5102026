//! The two tables of files, made alike: only whose the files are, what their items are called, and what may rest on them
//! differ.

use chrono::{DateTime, Utc};
use entity::{TenantEntity, documents, equipment_documents};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelBehavior, ActiveModelTrait};
use uuid::Uuid;

use crate::documents::owner::Shelf;

/// A row of either table.
#[derive(Clone, Debug)]
pub(in crate::documents) struct Row {
    pub(in crate::documents) shelf: Shelf,
    pub(in crate::documents) tenant_id: Uuid,
    pub(in crate::documents) id: Uuid,
    /// The application or the machine.
    pub(in crate::documents) owner: Uuid,
    pub(in crate::documents) item_key: String,
    pub(in crate::documents) version_no: i32,
    pub(in crate::documents) state: String,
    pub(in crate::documents) file_name_sealed: Vec<u8>,
    pub(in crate::documents) declared_bytes: i64,
    pub(in crate::documents) declared_type: String,
    pub(in crate::documents) media_type: Option<String>,
    pub(in crate::documents) sha256: Option<Vec<u8>>,
    pub(in crate::documents) uploaded_by_kind: String,
    pub(in crate::documents) uploaded_by: Uuid,
    pub(in crate::documents) refusal: Option<String>,
    pub(in crate::documents) version: i64,
    pub(in crate::documents) created_at: DateTime<Utc>,
    pub(in crate::documents) finished_at: Option<DateTime<Utc>>,
    /// Read only: it is noted by a statement of its own.
    pub(in crate::documents) relied_on_at: Option<DateTime<Utc>>,
}

/// A table of files.
pub(super) trait Table: TenantEntity {
    /// What is written of a row.
    type Active: ActiveModelTrait<Entity = Self> + ActiveModelBehavior + Send;
    const ID: Self::Column;
    const OWNER: Self::Column;
    const ITEM: Self::Column;
    const VERSION_NO: Self::Column;
    const STATE: Self::Column;
    const FILE_NAME: Self::Column;
    const SHA256: Self::Column;
    const CREATED_AT: Self::Column;
    const BY_KIND: Self::Column;
    const BY: Self::Column;

    fn read(model: Self::Model) -> Row;

    fn write(row: Row) -> Self::Active;
}

macro_rules! table {
    ($module:ident, $shelf:ident, $owner:ident $owner_column:ident, $item:ident $item_column:ident, $relied_on_at:expr) => {
        impl Table for $module::Entity {
            type Active = $module::ActiveModel;
            const ID: Self::Column = $module::Column::Id;
            const OWNER: Self::Column = $module::Column::$owner_column;
            const ITEM: Self::Column = $module::Column::$item_column;
            const VERSION_NO: Self::Column = $module::Column::VersionNo;
            const STATE: Self::Column = $module::Column::State;
            const FILE_NAME: Self::Column = $module::Column::FileNameSealed;
            const SHA256: Self::Column = $module::Column::Sha256;
            const CREATED_AT: Self::Column = $module::Column::CreatedAt;
            const BY_KIND: Self::Column = $module::Column::UploadedByKind;
            const BY: Self::Column = $module::Column::UploadedBy;

            fn read(model: $module::Model) -> Row {
                let relied_on_at: fn(&$module::Model) -> Option<DateTime<Utc>> = $relied_on_at;
                Row {
                    shelf: Shelf::$shelf,
                    relied_on_at: relied_on_at(&model),
                    tenant_id: model.tenant_id,
                    id: model.id,
                    owner: model.$owner,
                    item_key: model.$item,
                    version_no: model.version_no,
                    state: model.state,
                    file_name_sealed: model.file_name_sealed,
                    declared_bytes: model.declared_bytes,
                    declared_type: model.declared_type,
                    media_type: model.media_type,
                    sha256: model.sha256,
                    uploaded_by_kind: model.uploaded_by_kind,
                    uploaded_by: model.uploaded_by,
                    refusal: model.refusal,
                    version: model.version,
                    created_at: model.created_at,
                    finished_at: model.finished_at,
                }
            }

            #[allow(clippy::needless_update, reason = "one of the tables has a column that is not written here")]
            fn write(row: Row) -> $module::ActiveModel {
                $module::ActiveModel {
                    tenant_id: Set(row.tenant_id),
                    id: Set(row.id),
                    $owner: Set(row.owner),
                    $item: Set(row.item_key),
                    version_no: Set(row.version_no),
                    state: Set(row.state),
                    file_name_sealed: Set(row.file_name_sealed),
                    declared_bytes: Set(row.declared_bytes),
                    declared_type: Set(row.declared_type),
                    media_type: Set(row.media_type),
                    sha256: Set(row.sha256),
                    uploaded_by_kind: Set(row.uploaded_by_kind),
                    uploaded_by: Set(row.uploaded_by),
                    refusal: Set(row.refusal),
                    version: Set(row.version),
                    created_at: Set(row.created_at),
                    finished_at: Set(row.finished_at),
                    ..Default::default()
                }
            }
        }
    };
}

table!(documents, Applications, application_id ApplicationId, item_key ItemKey, |_| None);
table!(equipment_documents, Equipment, equipment_id EquipmentId, kind Kind, |model| model.relied_on_at);

/// Where names are sealed: what a person called a file often holds a name.
pub(super) const fn file_name(shelf: Shelf) -> &'static str {
    match shelf {
        Shelf::Applications => "documents.file_name",
        Shelf::Equipment => "equipment_documents.file_name",
    }
}

/// Does the same with the table of a shelf, which goes by the given name.
macro_rules! on {
    ($shelf:expr, $table:ident => $work:expr) => {
        match $shelf {
            Shelf::Applications => {
                type $table = entity::documents::Entity;
                $work
            }
            Shelf::Equipment => {
                type $table = entity::equipment_documents::Entity;
                $work
            }
        }
    };
}

pub(super) use on;
