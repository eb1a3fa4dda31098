/// How everything that a database holds is written down, whichever database it is.
///
/// ```
/// dump   = "UCM DUMP" , format: u16 , schema version: u32 , rows: u64 , { table } , 4 , tables: u32 , rows: u64
/// table  = 1 , name , columns: u16 , { name , kind: u8 } , { row } , 3 , rows: u64
/// row    = 2 , { value }
/// value  = 0 | 1 , i64 | 2 , length: u32 , UTF-8 | 3 , length: u32 , bytes
/// name   = length: u8 , UTF-8
/// ```
///
/// Numbers are big-endian. A row has a value for each column, NULL or of the column's kind. The numbers of rows stand in
/// front, for whoever shows how far it is, and behind each table and at the end, by which it is known to be whole.
enum DumpFormat {
    static let magic = Array("UCM DUMP".utf8)
    static let version: UInt16 = 1

    /// What begins with a byte.
    enum Mark: UInt8 {
        case table = 1
        case row = 2
        case tableEnd = 3
        case end = 4
    }

    /// What a value of NULL begins with; others begin with their kind.
    static let null: UInt8 = 0

    /// More than any schema has; what says more is no dump.
    static let maximumTables = 1_000
    static let maximumColumns = 1_000
    /// The longest text or string of bytes: less than what SQLite and PostgreSQL take.
    static let maximumValueSize = 900_000_000
}
